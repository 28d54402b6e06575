/*
 * organisation.h - a fictional organisation and its six questions.
 *
 * For unit tests of pages, letters and digests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_ORGANISATION_H
#define SENSED_TESTS_ORGANISATION_H

#include <stdio.h>
#include <string.h>

#include "core/question.h"
#include "core/site.h"

#define TEXT(s)	((char *)(uintptr_t)(s))

static struct support helpers[] = {
	{ TEXT("Samaritans"), TEXT("116 123"), TEXT("2026-11-01") },
	{ TEXT("NHS 111"), TEXT("call 111, option 2"), TEXT("2026-11-01") },
};

static inline struct site
organisation(void)
{
	struct site s = {
		.organisation = TEXT("Taf Community Trust"),
		.base_url = TEXT("https://pulse.taf.example/"),
		.from = { TEXT("Carys Morgan"), TEXT("pulse@taf.example") },
		.reply_to = TEXT(""),
		.return_path = TEXT("pulse-bounce@taf.example"),
		.langs = { 1, { "en" } },
		.support = helpers,
		.n_support = 2,
		.lawful_basis = TEXT(""),
		.contact = TEXT(""),
		.server_control = TEXT(""),
		.min_group = 12,
		.keep_years = 6,
	};

	return s;
}

/* Statements and hints of CONTENT 2, in the order of the senses. */
static const char *const staff[SENSE__MAX][2] = {
	{ "I feel safe at work.", "For example: safe from harm, safe to speak "
	    "up, and supported when the work is hard." },
	{ "I can see a future for myself in this work.", "For example: your "
	    "experience is used, you learn from good people, and changes are "
	    "explained." },
	{ "I feel part of my team.", "For example: people include you, and "
	    "you can be yourself with them." },
	{ "My work has a clear purpose.", "For example: you have goals worth "
	    "working for, and you know who your work helps." },
	{ "I end most weeks satisfied with the work I have done.", "For "
	    "example: you have the time, tools and support to do work you are "
	    "proud of." },
	{ "I feel that I matter here.", "For example: people notice what you "
	    "do, listen to you and treat you with respect." },
};

/* The default set, in as many languages as asked, the same words in each. */
static inline struct question_set
six_questions(size_t langs)
{
	struct question_set	q = { .n = SENSE__MAX };
	size_t			i, l;

	for (i = 0; i < q.n; i++) {
		snprintf(q.item[i].key, sizeof(q.item[i].key), "%s",
		    sense_key((enum sense)i));
		q.item[i].sense = (enum sense)i;
		q.item[i].core = true;
		q.item[i].version = 1;
		for (l = 0; l < langs; l++) {
			q.item[i].text[l] = TEXT(staff[i][0]);
			q.item[i].hint[l] = TEXT(staff[i][1]);
		}
	}
	for (l = 0; l < langs; l++)
		q.stem[l] = TEXT("Think about the last three months at work. "
		    "How much do you agree?");
	return q;
}

#endif
