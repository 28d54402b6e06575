/*
 * auditing_parts.h - between the parts of an audit.
 *
 * auditing.c walks and judges names; auditing_access.c judges modes and owners,
 * auditing_file.c what is in a file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_AUDITING_PARTS_H
#define SENSED_IO_AUDITING_PARTS_H

#include "io/auditing.h"

struct audit_work {
	const struct auditing	*a;
	struct auditing_result	*out;
	uid_t			 owner, answers;	/* of the two parts */
	/* what is known of the wave that was looked up last */
	char			 wave[WAVE_NAME_MAX + 1];
	bool			 revealed, published;
};

/* Tells a fault and counts it. */
void		audit_fault(struct audit_work *w, const char *path,
		    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Tells an error of a reader as a fault, but ERR_SYS, which it returns. */
enum err_code	audit_reader(struct audit_work *w, const char *path,
		    enum err_code rc, struct err *e) MUST_USE;

/* Owner and mode; false: whose it should be cannot read it. */
bool		audit_access(struct audit_work *w,
		    const struct auditing_item *item);

/* Looks into a file of a known kind. */
enum err_code	audit_contents(struct audit_work *w,
		    const struct auditing_item *item, struct err *e) MUST_USE;

#endif
