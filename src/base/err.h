/*
 * err.h - the one error type of the project.
 *
 * A code answers "what should the caller do?"; the message says, in words for
 * an administrator, which file, line or thing is at fault and what to do.
 * Permanent and temporary never share a code.  No message ever holds a token,
 * a change code, an address or an answer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_ERR_H
#define SENSED_BASE_ERR_H

enum err_code {
	ERR_OK = 0,
	ERR_INPUT,	/* the caller's data is wrong: say so, do not retry */
	ERR_ABSENT,	/* no such token, unit or wave */
	ERR_USED,	/* done already: not a fault, but not a write either */
	ERR_BUSY,	/* locked or unreachable now: retrying may work */
	ERR_REFUSED,	/* the other side said no, for good */
	ERR_CORRUPT,	/* the store holds what we never wrote */
	ERR_NEWER,	/* a newer sensed wrote it: run that; it is whole */
	ERR_SYS,	/* the system refused: the message has errno's text */
	ERR__MAX
};

struct err {
	enum err_code	code;
	char		msg[512];
};

#define MUST_USE	__attribute__((warn_unused_result))

/* Fills e and returns code.  A message that is too long is cut. */
enum err_code	err_set(struct err *e, enum err_code code, const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));

/* As err_set with ERR_SYS, and errno's text behind the words; keeps errno. */
enum err_code	err_sys(struct err *e, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));

/* Fills e and returns ERR_NEWER: what is at `path` has this format. */
enum err_code	err_newer(struct err *e, const char *path, const char *format);

/* Puts words before the message that e holds; returns e's code. */
enum err_code	err_prefix(struct err *e, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));

#endif
