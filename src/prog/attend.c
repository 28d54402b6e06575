/*
 * attend.c - tells a person that they are needed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/log.h"
#include "prog/attend.h"

void
attend(const char *state_dir, enum state_file topic, const char *name,
    const char *words)
{
	struct err	e;
	enum err_code	rc;
	bool		news = true;

	if (words != NULL) {
		rc = attention_raise(state_dir, topic, name, words, &news, &e);
		if (news)
			log_err("%s", words);
	} else {
		rc = attention_settle(state_dir, topic, name, &news, &e);
		if (news)
			log_info("%s: settled", name);
	}
	if (rc != ERR_OK)
		log_err("%s", e.msg);
}
