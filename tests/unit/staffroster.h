/*
 * staffroster.h - a small roster to import, in a scratch state directory.
 *
 * The tree, with its people: ORG 0 - D1 0 - T1 4, T2 6;  D2 3
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_STAFFROSTER_H
#define SENSED_TESTS_STAFFROSTER_H

#include "base/crypt.h"
#include "io/importing.h"
#include "io/roster.h"
#include "scratch.h"

#define UNITS_HEAD	"unit,parent,name,leader_name,leader_email,language\n"
#define PEOPLE_HEAD	"id,email,name,unit,language\n"
static const char units[] = UNITS_HEAD
	"T1,D1,North,Nia,nia@taf.example,en\n"
	"ORG,,Taf,Carys,carys@taf.example,\n"
	"D1,ORG,Care,,,\n"
	"T2,D1,South,Sam,sam@taf.example,en\n"
	"D2,ORG,Office,,,\n"
	"T1,D1,North,Noor,noor@taf.example,both\n";

static const char people[] = PEOPLE_HEAD
	"a1,a1@taf.example,Ann,T1,en\n"
	"a2,a2@taf.example,,T1,\n"
	"a3,a3@taf.example,,T1,\n"
	"a4,a4@taf.example,,T1,both\n"
	"b1,b1@taf.example,,T2,\n"
	"b2,b2@taf.example,,T2,\n"
	"b3,b3@taf.example,,T2,\n"
	"b4,b4@taf.example,,T2,\n"
	"b5,b5@taf.example,,T2,\n"
	"b6,B6@Taf.example,\"Bob, \"\"B\"\"\",T2,cy\n"
	"c1,c1@taf.example,,D2,\n"
	"c2,c2@taf.example,,D2,\n"
	"c3,c3@taf.example,,D2,\n";

static struct conf conf;

static inline int
staffroster_make(void **state)
{
	alarm(60);	/* a test that fails keeps the lock */
	if (!crypt_init() || scratch_make(state) != 0)
		return -1;
	conf.state_dir = scratch_dir;
	conf.min_group = 5;
	conf.site.langs = (struct langs){ 2, { "en", "cy" } };
	conf.n_surveys = 2;
	memcpy(conf.survey[0].name, "staff", 6);
	memcpy(conf.survey[1].name, "st", 3);	/* begins like the other */
	return 0;
}

static inline enum err_code
begin(const char *survey, const char *u, const char *p, bool dry,
    struct import **im, struct err *e)
{
	static char	*names[2];
	enum err_code	 rc;

	free(names[0]);
	free(names[1]);
	names[0] = scratch_text("units.csv", u);
	names[1] = scratch_text("people.csv", p);
	rc = import_begin(&conf, survey, &(struct import_files){ names[0],
	    names[1] }, dry, NULL, NULL, NULL, im, e);
	if (rc != ERR_OK) {
		free(names[0]);
		free(names[1]);
		names[0] = names[1] = NULL;
	}
	return rc;
}

static inline struct import *
must_begin(const char *survey, const char *u, const char *p, bool dry)
{
	struct import	*im;
	struct err	 e;

	if (begin(survey, u, p, dry, &im, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	return im;
}

static inline void
must_import(const char *survey, const char *u, const char *p)
{
	struct import	*im = must_begin(survey, u, p, false);
	struct err	 e;

	if (import_commit(&im, &e) != ERR_OK)
		fail_msg("%s", e.msg);
}

#endif
