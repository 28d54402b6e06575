/*
 * doctor_parts.h - the strands of doctor.c, each run in a child of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_DOCTOR_PARTS_H
#define SENSED_IO_DOCTOR_PARTS_H

#include "io/doctor.h"
#include "io/resolver.h"

struct strand {
	const struct doctor	*doctor;
	size_t			 number;	/* of the relay */
	int			 out;		/* a pipe to the parent */
};

/* Behind the @ of an address that was checked. */
const char	*strand_domain(const char *address);

/* One finding, in one line. */
void	strand_say(const struct strand *s, enum doctor_level level,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* SPF and PTR, and the two below.  from, path: domains. */
void	strand_names(const struct strand *s);
void	strand_dkim(const struct strand *s, struct resolver *r,
	    const char *from);
void	strand_dmarc(const struct strand *s, struct resolver *r,
	    const char *from, const char *path);

/* One relay; the web address and the clock. */
void	strand_relay(const struct strand *s);
void	strand_web(const struct strand *s);

#endif
