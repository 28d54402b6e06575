/*
 * ctl_table.c - the commands of sensectl, their options and their usage.
 *
 * Nothing else: what each does is in ctl_*.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "prog/ctl.h"

const struct ctl_entry ctl_commands[] = {
	{ "check", NULL,
	    CTL_MASK(CTL_OFFLINE) | CTL_MASK(CTL_STRICT) |
	    CTL_MASK(CTL_RESOLVER) | CTL_MASK(CTL_IT_NOTE) |
	    CTL_MASK(CTL_LANG), 0, ctl_check,
	    "check [--offline] [--strict] [--resolver ADDRESS[:PORT]]"
	    " [--it-note [--lang L]]\n"
	    "        configuration, templates, roster, mail and web: is all "
	    "as it should be?" },
	{ "check-logs", "DIR", CTL_MASK(CTL_OFFLINE) | CTL_AS_CALLER, 0,
	    ctl_check_logs,
	    "check-logs DIR [--offline]\n"
	    "        do the web server's logs below DIR keep links or "
	    "codes? -: read one" },
	{ "import", "SURVEY",
	    CTL_MASK(CTL_UNITS) | CTL_MASK(CTL_PEOPLE) |
	    CTL_MASK(CTL_DRY_RUN),
	    CTL_MASK(CTL_UNITS) | CTL_MASK(CTL_PEOPLE), ctl_import,
	    "import SURVEY --units U.csv --people P.csv [--dry-run]\n"
	    "        replace the roster of a survey; say what changes" },
	{ "forecast", "SURVEY",
	    CTL_MASK(CTL_RATE) | CTL_MASK(CTL_UNITS) | CTL_MASK(CTL_PEOPLE) |
	    CTL_MASK(CTL_FORMAT) | CTL_MASK(CTL_DRAWS) | CTL_MASK(CTL_SEED),
	    CTL_MASK(CTL_RATE), ctl_forecast,
	    "forecast SURVEY --rate 60% [--units U.csv --people P.csv]"
	    " [--draws N] [--seed N] [--format text|csv|json]\n"
	    "        which units a wave would show if so many answer, and "
	    "which to join" },
	{ "preview", "KIND",
	    CTL_MASK(CTL_LANG) | CTL_MASK(CTL_OUT) | CTL_AS_CALLER, 0,
	    ctl_preview,
	    "preview KIND [--lang L] [--out DIR]\n"
	    "        mails and pages with sample data, as files for a "
	    "browser; all: each" },
	{ "test-mail", "ADDRESS", CTL_MASK(CTL_LANG) | CTL_MASK(CTL_KIND), 0,
	    ctl_test_mail,
	    "test-mail ADDRESS [--kind K] [--lang L]\n"
	    "        send one of these mails, marked as a test" },
	{ "open", "SURVEY",
	    CTL_MASK(CTL_WAVE) | CTL_MASK(CTL_CLOSES) | CTL_MASK(CTL_FORCE), 0,
	    ctl_open,
	    "open SURVEY [--wave NAME] [--closes TIME] [--force]\n"
	    "        open a wave now; sensed mails its invitations" },
	{ "close", "WAVE", 0, 0, ctl_close,
	    "close WAVE\n"
	    "        close a wave now, before its time" },
	{ "extend", "WAVE", CTL_MASK(CTL_CLOSES), CTL_MASK(CTL_CLOSES),
	    ctl_extend,
	    "extend WAVE --closes TIME\n"
	    "        close an open wave later than was planned" },
	{ "pause", "WAVE", 0, 0, ctl_pause,
	    "pause WAVE\n"
	    "        stop mailing a wave; its link stays open" },
	{ "resume", "WAVE", CTL_MASK(CTL_FORCE), 0, ctl_resume,
	    "resume WAVE [--force]\n"
	    "        go on mailing a wave that was paused, or is late" },
	{ "status", NULL, CTL_MASK(CTL_JSON) | CTL_MASK(CTL_PROMETHEUS), 0,
	    ctl_status,
	    "status [--json | --prometheus]\n"
	    "        waves; mailed, refused and, as far as is safe, answered" },
	{ "audit", "WAVE", 0, 0, ctl_audit,
	    "audit WAVE\n"
	    "        what is stored about a wave, and what should not be" },
	{ "export", "WAVE", CTL_MASK(CTL_FORMAT), 0, ctl_export,
	    "export WAVE [--format csv|json]\n"
	    "        published figures; nothing else exists to export" },
	{ "report", "WAVE",
	    CTL_MASK(CTL_UNIT) | CTL_MASK(CTL_OUT) | CTL_MASK(CTL_LANG),
	    CTL_MASK(CTL_UNIT) | CTL_MASK(CTL_OUT), ctl_report,
	    "report WAVE --unit U --out FILE.html [--lang L]\n"
	    "        a published unit as a page to be printed" },
	{ "comments", "WAVE", 0, 0, ctl_comments,
	    "comments WAVE\n"
	    "        comments, for their reader to take lines out, or as "
	    "released" },
	{ "release", "WAVE", CTL_MASK(CTL_COMMENTS), CTL_MASK(CTL_COMMENTS),
	    ctl_release,
	    "release WAVE --comments FILE\n"
	    "        comments that their reader left in FILE go to leaders" },
	{ "show", "EMAIL", 0, 0, ctl_show,
	    "show EMAIL\n"
	    "        all that is stored about a person, to be handed to them" },
	{ "forget", "EMAIL", 0, 0, ctl_forget,
	    "forget EMAIL\n"
	    "        remove a person; an opt-out stays, as a hash" },
	{ "opt-in", "EMAIL", 0, 0, ctl_opt_in,
	    "opt-in EMAIL\n"
	    "        take an opt-out back, when the person asks for it" },
	{ "resend", "EMAIL", 0, 0, ctl_resend,
	    "resend EMAIL\n"
	    "        mail a person's link once more, when they ask for it" },
	{ "unreachable", NULL, CTL_MASK(CTL_CSV), 0, ctl_unreachable,
	    "unreachable [--csv]\n"
	    "        people whom no mail reaches, why, and since which wave" },
	{ "reachable", "EMAIL|WAVE", 0, 0, ctl_reachable,
	    "reachable EMAIL|WAVE\n"
	    "        mail a person on that list again, or all whom mail of a "
	    "wave brought there" },
	{ "discard", "WAVE", CTL_MASK(CTL_FORCE), 0, ctl_discard,
	    "discard WAVE [--force]\n"
	    "        destroy a wave that can never be published" },
	{ NULL, NULL, 0, 0, NULL, NULL }
};

const struct option ctl_options[] = {
	{ "units", required_argument, NULL, CTL_UNITS },
	{ "people", required_argument, NULL, CTL_PEOPLE },
	{ "dry-run", no_argument, NULL, CTL_DRY_RUN },
	{ "wave", required_argument, NULL, CTL_WAVE },
	{ "closes", required_argument, NULL, CTL_CLOSES },
	{ "force", no_argument, NULL, CTL_FORCE },
	{ "json", no_argument, NULL, CTL_JSON },
	{ "prometheus", no_argument, NULL, CTL_PROMETHEUS },
	{ "format", required_argument, NULL, CTL_FORMAT },
	{ "csv", no_argument, NULL, CTL_CSV },
	{ "rate", required_argument, NULL, CTL_RATE },
	{ "draws", required_argument, NULL, CTL_DRAWS },
	{ "seed", required_argument, NULL, CTL_SEED },
	{ "lang", required_argument, NULL, CTL_LANG },
	{ "out", required_argument, NULL, CTL_OUT },
	{ "kind", required_argument, NULL, CTL_KIND },
	{ "unit", required_argument, NULL, CTL_UNIT },
	{ "comments", required_argument, NULL, CTL_COMMENTS },
	{ "offline", no_argument, NULL, CTL_OFFLINE },
	{ "strict", no_argument, NULL, CTL_STRICT },
	{ "resolver", required_argument, NULL, CTL_RESOLVER },
	{ "it-note", no_argument, NULL, CTL_IT_NOTE },
	{ NULL, 0, NULL, 0 }
};

const struct ctl_entry *
ctl_find(const char *name)
{
	const struct ctl_entry *c;

	for (c = ctl_commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}
