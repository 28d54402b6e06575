/*
 * attention.h - what needs a person: the one place where it is kept.
 *
 * attention/NAME.TOPIC, a line of text each, replaced whole; the time of the
 * file is when it was found.  The program that found it takes it away when the
 * matter is settled, and the destruction of a wave what concerns the wave.
 * Words hold no address and no secret (STANDARDS M19).  A crash leaves a
 * matter told or not told: the next run of the program that found it decides.
 * Beside them lies `told' (alert.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ATTENTION_H
#define SENSED_IO_ATTENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "io/state.h"

/*
 * Keeps the words about a survey or a wave; topic is a STATE_ATTENTION_.
 * *news: they were not there, or were others.
 */
enum err_code	attention_raise(const char *state_dir, enum state_file topic,
		    const char *name, const char *words, bool *news,
		    struct err *e) MUST_USE;

/* When it was raised, in seconds since 1970; 0: it is not there. */
int64_t		attention_since(const char *state_dir, enum state_file topic,
		    const char *name);

/* It is settled; *news: it had been there. */
enum err_code	attention_settle(const char *state_dir, enum state_file topic,
		    const char *name, bool *news, struct err *e) MUST_USE;

/* Calls each with everything that is there, in order of names. */
typedef void	attention_visit(void *arg, const char *name,
		    const char *words);
enum err_code	attention_each(const char *state_dir, attention_visit *each,
		    void *arg, struct err *e) MUST_USE;

#endif
