/*
 * preview_kind.c - what can be previewed, in the order people meet it.
 *
 * Every page and mail that a person can get is here, by its name.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "io/preview_parts.h"

static const struct preview_kind kinds[] = {
	{ .name = "heads-up", .what = HEADS_UP, .template = "heads_up" },
	{ .name = "invitation", .what = LETTER, .template = "invitation" },
	{ .name = "reminder", .what = LETTER, .template = "reminder" },
	{ .name = "form", .what = PAGE, .page = PAGE_FORM, .action = "a/" },
	{ .name = "form-picked", .what = PAGE, .page = PAGE_FORM,
	    .action = "a/", .scale = true },
	{ .name = "thanks", .what = PAGE, .page = PAGE_THANKS },
	{ .name = "change", .what = PAGE, .page = PAGE_CHANGE, .action = "" },
	{ .name = "change-form", .what = PAGE, .page = PAGE_FORM,
	    .from = true, .action = "" },
	{ .name = "digest", .what = DIGEST, .template = "digest",
	    .unit = SAMPLE_INNER },
	{ .name = "digest-team", .what = DIGEST, .template = "digest",
	    .unit = SAMPLE_TEAM },
	{ .name = "digest-hidden", .what = DIGEST, .template = "digest",
	    .unit = SAMPLE_HIDDEN },
	{ .name = "digest-none", .what = DIGEST, .template = "digest",
	    .unit = SAMPLE_TEAM, .none = true },
	{ .name = "staff-copy", .what = DIGEST, .template = "digest",
	    .unit = SAMPLE_TEAM, .member = true },
	{ .name = "review", .what = COMMENTS, .template = "review" },
	{ .name = "comments", .what = COMMENTS, .template = "comments" },
	{ .name = "report", .what = REPORT, .unit = SAMPLE_INNER },
	{ .name = "report-team", .what = REPORT, .unit = SAMPLE_TEAM },
	{ .name = "optout", .what = PAGE, .page = PAGE_OPTOUT,
	    .action = "o/" },
	{ .name = "optout-done", .what = PAGE, .page = PAGE_OPTOUT_DONE },
	{ .name = "privacy", .what = PAGE, .page = PAGE_PRIVACY },
	{ .name = "help", .what = PAGE, .page = PAGE_HELP },
	{ .name = "error-form", .what = PAGE, .page = PAGE_FORM,
	    .error = true, .action = "a/" },
	{ .name = "error-picked", .what = PAGE, .page = PAGE_FORM,
	    .error = true, .action = "a/", .scale = true },
	{ .name = "error-code", .what = PAGE, .page = PAGE_CHANGE,
	    .error = true, .action = "" },
	{ .name = "error-used", .what = PAGE, .page = PAGE_ANSWERED },
	{ .name = "error-link", .what = PAGE, .page = PAGE_GONE },
	{ .name = "error-request", .what = PAGE, .page = PAGE_WRONG },
	{ .name = "error-busy", .what = PAGE, .page = PAGE_BUSY,
	    .action = "a/" },
};

const struct preview_kind *
preview_next(const struct preview_kind *k)
{
	if (k == NULL)
		return kinds;
	return k + 1 < kinds + sizeof(kinds) / sizeof(kinds[0]) ? k + 1 : NULL;
}

const char *
preview_name(const struct preview_kind *k)
{
	return k->name;
}

bool
preview_is_mail(const struct preview_kind *k)
{
	return k->what < PAGE;
}

bool
preview_occurs(const struct preview_kind *k, const struct conf_survey *s)
{
	return (!k->scale || s->site.scale_links) &&
	    (k->what != COMMENTS || s->site.comments);
}

bool
preview_means(const struct preview_kind *k, const char *word)
{
	const size_t len = strlen(word);

	return strcmp(word, "all") == 0 || (len > 0 &&
	    strncmp(k->name, word, len) == 0 &&
	    (k->name[len] == '\0' || k->name[len] == '-'));
}
