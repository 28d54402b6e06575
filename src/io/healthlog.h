/*
 * healthlog.h - roster/health.log: what bounced and what was refused.
 *
 * Records of core/health.h, one after the other, and nothing else.  Whoever
 * appends holds the roster's lock, shared is enough; whoever replaces the file
 * holds it exclusively.  A record says who by a keyed hash; only the roster
 * leads from it to a person.
 *
 * States a crash can leave, and who repairs each:
 *   a size that is no multiple of 64    the next append cuts it off
 *   records at the end that are torn    the next append cuts them off
 *   health.log.new                      the next replacement overwrites it
 * Readers skip both.  None of them was acknowledged.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_HEALTHLOG_H
#define SENSED_IO_HEALTHLOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/health.h"

/* Makes an empty log if there is none, durably. */
enum err_code	healthlog_make(const char *state_dir, struct err *e) MUST_USE;

/*
 * Appends records, durable on return, but those that are in it already: a
 * bounce that comes again is no other.  The log must be there.  After an error
 * none of them is in it.
 */
enum err_code	healthlog_append(const char *state_dir,
		    const struct health_record *r, size_t n, struct err *e)
		    MUST_USE;

/* Calls each with every good record, in order; no log is an empty one. */
typedef enum err_code healthlog_visit(void *arg,
		    const struct health_record *r, struct err *e);
enum err_code	healthlog_each(const char *state_dir, healthlog_visit *each,
		    void *arg, struct err *e) MUST_USE;

/* Keeps the records for which keep says so; it may set `lifted`. */
typedef bool	healthlog_keep(void *arg, struct health_record *r);
enum err_code	healthlog_filter(const char *state_dir, healthlog_keep *keep,
		    void *arg, struct err *e) MUST_USE;

/*
 * Counts the bounces of a wave but the first `skip`, into *t; *seen becomes
 * the number of all.
 */
enum err_code	healthlog_tally(const char *state_dir, const char *wave,
		    uint64_t skip, struct health_tally *t, uint64_t *seen,
		    struct err *e) MUST_USE;

#endif
