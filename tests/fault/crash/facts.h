/*
 * facts.h - what must be true of a state directory after a power cut.
 *
 * Told by the recording, line by line on standard input (facts.c has the
 * words); judged by checker.c with the real read path.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_FAULT_FACTS_H
#define SENSED_FAULT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/question.h"
#include "core/sense.h"
#include "core/token.h"
#include "core/wave.h"

#define WAVES		4
#define PEOPLE		1024
#define VERSIONS	8
#define HASH_HEX	(2 * CRYPT_HASH)
#define ANY		8	/* of what may stand in one place */

/* One form that a person sent. */
struct version {
	struct link	code, from;
	bool		change;		/* from is filled */
	unsigned char	answer[SENSE__MAX];
};

/* What one person has sent: the last that was acknowledged, then later. */
struct voter {
	struct link	token;
	bool		must;		/* the first version was acknowledged */
	size_t		n;
	struct version	v[VERSIONS];
};

struct mailed {
	char		id[65];
	unsigned int	kind, attempts;
};

struct wave_facts {
	char		name[WAVE_NAME_MAX + 1];
	char		states[8];	/* of "nocp" */
	unsigned char	token_key[CRYPT_KEY], ballot_key[CRYPT_KEY];
	char		figures[HASH_HEX + 1];	/* "" if not known */
	size_t		voters, mails;
	struct voter	voter[PEOPLE];
	struct mailed	mail[PEOPLE];
	bool		digest_gone;	/* its ledger may be removed */
	unsigned int	digests;	/* attempts in it at least */
	struct link	spare;		/* a token that is never used */
	bool		has_spare;
};

struct facts {
	long long		now;
	size_t			waves, optouts, rosters;
	size_t			bounced;	/* acknowledged, not folded */
	struct wave_facts	wave[WAVES];
	char			roster[ANY][HASH_HEX + 1];	/* or "none" */
	char			optout[PEOPLE][OPTOUT_HASH_LEN + 1];
};

/* Takes one line in; false: it is none of ours. */
bool	facts_line(struct facts *f, char *line);

/* Drops everything but the waves' names and secrets. */
void	facts_clear(struct facts *f);

#endif
