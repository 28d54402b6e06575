/*
 * kinds.h - every kind of store: a good one, and all that reads it.
 *
 * The good ones are written by our own code when a target starts, so that the
 * corpus is what a target changes in them, and stays small.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_KINDS_H
#define SENSED_TESTS_KINDS_H

#include "core/digest.h"
#include "core/export.h"
#include "core/letter.h"
#include "fuzz.h"
#include "io/boxfile.h"
#include "io/importing.h"
#include "io/last.h"
#include "io/published.h"
#include "io/roster.h"
#include "io/state.h"
#include "io/submit.h"
#include "io/wavefile.h"

static struct conf		 conf;	/* of a survey "staff" */
static struct wave		 wave;	/* as it was frozen */
static struct publication	 figures;
static unsigned char		 pub[CRYPT_KEY], secret[CRYPT_KEY];
static unsigned char		 token[TOKEN_LEN], code[TOKEN_LEN];
static const unsigned char	 answers[ITEMS_MAX] = { 1, 2, 3, 4, 5, 1 };
static const struct box_given	 given = { answers, "More time.", pub };

#define TEXT(s)		((char *)(uintptr_t)(s))
#define MUST_OK(call)	must((call) == ERR_OK)

/* What reading a store may end in; ERR_ABSENT where a record is not there. */
static inline bool
may_be(enum err_code rc)
{
	return rc == ERR_OK || rc == ERR_CORRUPT || rc == ERR_ABSENT ||
	    rc == ERR_NEWER;
}

/* Kept to the end, so that no leak is reported. */
static inline char *
keep(char *p)
{
	static char	*kept[64];
	static size_t	 n;

	must(n < sizeof(kept) / sizeof(kept[0]));
	return kept[n++] = p;
}

/* -------------------------------------------------------------- the good */

static const char good_units[] =
    "unit,parent,name,leader_name,leader_email,language\n"
    "ORG,,Taf,Carys,carys@taf.example,\n"
    "T1,ORG,North,Nia,nia@taf.example,en\n"
    "T1,ORG,North,Noor,noor@taf.example,\n"
    "T2,ORG,South,,,\n";

static inline char *
good_people(void)
{
	struct buf	b;
	char		*text;
	unsigned int	i;

	buf_init(&b, 65536);
	buf_adds(&b, "id,email,name,unit,language\n");
	for (i = 0; i < 40; i++)
		buf_addf(&b, "p%u,p%u@taf.example,Person %u,T%u,\n", i, i, i,
		    i % 2 + 1);
	text = mem_str(buf_str(&b));
	buf_wipe(&b);
	return text;
}

static inline void
make_roster(void)
{
	struct import	*im;
	struct err	 e;
	char		*people = good_people();
	const char	*units;

	units = fuzz_file(2, good_units, sizeof(good_units) - 1);
	MUST_OK(import_begin(&conf, "staff", &(struct import_files){ units,
	    fuzz_file(3, people, strlen(people)) }, false, NULL, NULL, NULL,
	    &im, &e));
	MUST_OK(import_commit(&im, &e));
	free(people);
}

static inline void
make_wave(void)
{
	struct err	e;
	unsigned int	line;
	int		s;

	wave_init(&wave);
	snprintf(wave.name, sizeof(wave.name), "staff-2026q4");
	snprintf(wave.survey, sizeof(wave.survey), "staff");
	wave.tag = 5;
	wave.state = WAVE_OPEN;
	wave.opened = 1790000000;
	wave.closes = 1791000000;
	wave.k = 10;
	wave.langs = conf.site.langs;
	memcpy(wave.ballot_pub, pub, CRYPT_KEY);
	wave.boxes = 1;
	wave.people = 40;
	wave.n_reminders = 1;
	wave.reminder[0] = 1790400000;
	for (s = 0; s < SENSE__MAX; s++) {
		struct item *it = &wave.questions.item[s];

		snprintf(it->key, sizeof(it->key), "%s",
		    sense_key((enum sense)s));
		it->version = 1;
		must(item_place(it));
		it->text[0] = mem_str("I feel safe at work.");
		it->hint[0] = mem_str("");
	}
	wave.questions.n = SENSE__MAX;
	wave.questions.stem[0] = mem_str("Think.");
	MUST_OK(tree_add(&wave.tree, "ORG", "", "Taf", 0, 0, &e));
	MUST_OK(tree_add(&wave.tree, "T1", "ORG", "North", 20, 0, &e));
	MUST_OK(tree_add(&wave.tree, "T2", "ORG", "South", 20, 0, &e));
	MUST_OK(tree_finish(&wave.tree, &line, &e));
	MUST_OK(wavefile_write(keep(mem_fmt("%s/wave", fuzz_dir())), &wave,
	    &e));
}

static inline void
make_published(void)
{
	struct publication_input in = { .tree = &wave.tree, .k = 10 };
	struct counts		 cell[3] = { { .responses = 0 } };
	struct ballot		 b = { .unit = 0 };
	struct comments		 some = { .level = 1 };
	struct err		 e;
	int			 i, s;

	memcpy(b.answer, answers, sizeof(answers));
	for (i = 0; i < 28; i++)
		must(question_count(&wave.questions, b.answer,
		    &cell[i % 2 + 1]));
	in.cell = cell;
	for (s = 0; s < SENSE__MAX; s++) {
		in.scale[s] = question_scale(&wave.questions, (enum sense)s);
		question_wording(&wave.questions, (enum sense)s,
		    in.wording[s]);
	}
	MUST_OK(publication_make(&figures, &in, &e));
	for (i = 0; i < 6; i++)
		comments_add(&some, 1, "More time to hand over.");
	comments_choose(&some, &figures, secret);
	snprintf(figures.wave, sizeof(figures.wave), "%s", wave.name);
	snprintf(figures.survey, sizeof(figures.survey), "staff");
	figures.opened = wave.opened;
	figures.closed = wave.closes;
	MUST_OK(published_write(keep(state_path(fuzz_dir(), STATE_PUBLISHED,
	    wave.name)), &figures, &some, &e));
	comments_wipe(&some);
}

static inline void
make_last(void)
{
	struct last	*l;
	struct err	 e;
	char		*path = keep(state_path(fuzz_dir(), STATE_LAST,
			    "staff"));

	MUST_OK(last_begin(fuzz_dir(), "staff", NULL, wave.name, &wave.tree,
	    &l, &e));
	MUST_OK(last_person(l, "p1", 1, &e));
	MUST_OK(last_person(l, "p2", 2, &e));
	MUST_OK(last_finish(&l, &e));
	MUST_OK(file_reveal(keep(mem_fmt("%s.new", path)), path, &e));
}

/* A box of n people, a third of whom have answered. */
static inline void
make_box(const char *name, unsigned int n)
{
	struct box		b;
	struct err		e;
	enum box_verdict	verdict;
	unsigned int		i;

	box_init(&b);
	for (i = 0; i < n; i++) {
		memset(token, (int)i, sizeof(token));
		token[0] = (unsigned char)(i >> 8);
		memcpy(code, token, sizeof(code));
		code[1] = 0xcc;
		box_add_token(&b, token, &(struct seat){ i % 3, 0 });
		MUST_OK(box_sort(&b, &e));
		if (i % 3 == 0)
			MUST_OK(box_answer(&b, token, code, &given, &verdict,
			    &e));
	}
	MUST_OK(boxfile_commit(keep(mem_fmt("%s/%s", fuzz_dir(), name)), &b,
	    &e));
	box_wipe(&b);
}

/* -------------------------------------------------------- what reads them */

static inline void
read_box(const char *path)
{
	unsigned char		to[TOKEN_LEN] = { 9 };
	struct ballot		ballot;
	struct seat		seat;
	struct box		b;
	struct err		e;
	enum box_verdict	verdict;
	enum err_code		rc = boxfile_read(path, &b, &e);
	size_t			i;

	must(may_be(rc));
	if (rc != ERR_OK)
		return;
	for (i = 0; i < box_ballots(&b); i++)
		must(may_be(box_open_ballot(&b, i, pub, secret, &ballot,
		    &e)));
	must(box_used(&b) <= b.n);
	must(may_be(box_token_seat(&b, token, &seat, &e)));
	must(may_be(box_code_seat(&b, code, &seat, &e)));
	must(may_be(box_answer(&b, token, to, &given, &verdict, &e)));
	to[0] = 8;
	must(may_be(box_change(&b, code, to, &given, &verdict, &e)));
	box_wipe(&b);
}

static inline void
read_wave(const char *path)
{
	struct letter	letter = { .site = &conf.site, .person_name = "Ann",
			    .link = "https://taf.example/a/x", .optout = "" };
	struct wave	w;
	struct err	e;
	enum err_code	rc = wavefile_read(path, WAVE_WHOLE, &w, &e);

	must(may_be(rc));
	if (rc != ERR_OK)
		return;
	letter.wave = &w;
	letter.closes = (struct civil){ .year = 2026, .month = 10, .day = 1 };
	view_free(letter_view(&letter, 0));
	(void)wave_mail_due(&w, 1790500000);
	(void)tree_find(&w.tree, "T1");
	wave_wipe(&w);
}

/* All that is made of a publication: exports, digests, the next last-SURVEY. */
static inline void
use_publication(struct publication *p)
{
	struct export	x = { .pub = p, .kind = EXPORT_PUBLISHED };
	struct digest	d = { .site = &conf.site, .pub = p, .last = &figures,
			    .reader_name = "Ann",
			    .opened = { .year = 2026, .month = 10, .day = 1 },
			    .last_opened = { .year = 2026, .month = 7,
			    .day = 1 } };
	struct last	*l;
	struct err	 e;
	struct buf	 b;
	enum err_code	 rc;
	uint32_t	 i;

	must(p->safe);
	for (i = 1; i < p->n; i++)
		must(p->unit[i].parent < i &&
		    p->unit[i].end <= p->unit[p->unit[i].parent].end);
	buf_init(&b, 1 << 20);
	for (x.format = 0; x.format < EXPORT__MAX; x.format++) {
		buf_reset(&b);
		export_all(&b, &x);
	}
	buf_wipe(&b);
	for (d.unit = 0; d.unit < p->n; d.unit++)
		view_free(digest_view(&d, 0));
	rc = last_begin(fuzz_dir(), "staff", p, "staff-2027q1", &wave.tree,
	    &l, &e);
	must(may_be(rc));
	if (rc != ERR_OK)
		return;
	must(may_be(last_person(l, "p1", 1, &e)));
	must(may_be(last_person(l, "p2", 2, &e)));
	last_drop(&l);
}

static inline void
read_published(const char *path)
{
	struct publication_input in = { .tree = &wave.tree, .k = 10 };
	struct publication	 p, next;
	struct counts		 cell[3] = { { .responses = 0 } };
	struct comments		 some;
	struct err		 e;
	enum err_code		 rc = published_read(path, &p, &e);

	must(may_be(rc));
	if (rc != ERR_OK)
		return;
	if ((rc = published_comments(path, &p, &some, &e)) == ERR_OK)
		comments_wipe(&some);
	must(may_be(rc));
	use_publication(&p);
	in.cell = cell;
	in.last = &p;
	memcpy(in.scale, figures.scale, sizeof(in.scale));
	memcpy(in.wording, figures.wording, sizeof(in.wording));
	if (publication_make(&next, &in, &e) == ERR_OK)
		publication_wipe(&next);
	publication_wipe(&p);
}

static inline void
read_last(const char *path)
{
	struct err e;

	(void)path;
	use_publication(&figures);
	must(may_be(last_settle(fuzz_dir(), "staff", &e)));
}

static enum err_code
see_person(void *arg, const struct person *p, struct err *e)
{
	(void)e;
	must(strlen(p->address) < sizeof(p->address));
	++*(unsigned int *)arg;
	return ERR_OK;
}

static inline void
read_people(struct roster *r)
{
	char		id[PERSON_ID_MAX + 1];
	struct leader	leader[LEADERS_MAX];
	struct person	p;
	struct tree	t;
	struct err	e;
	unsigned int	seen = 0;
	size_t		n;

	if (roster_tree(r, "staff", &t, &e) == ERR_OK)
		tree_wipe(&t);
	must(may_be(roster_person(r, "staff", "p1", &p, &e)));
	must(may_be(roster_find(r, "staff", "p2@taf.example", id, &e)));
	must(may_be(roster_leaders(r, "staff", "T1", leader, &n, &e)));
	must(may_be(roster_each(r, NULL, see_person, &seen, &e)));
	(void)roster_opted_out(r, "x");
}

static inline void
read_roster(const char *path)
{
	static char	*people;
	struct roster	*r;
	struct import	*im;
	struct err	 e;
	enum err_code	 rc = roster_open(fuzz_dir(), &r, &e);

	(void)path;
	must(may_be(rc));
	if (rc != ERR_OK)
		return;
	read_people(r);
	roster_close(&r);
	if (people == NULL)
		people = good_people();
	rc = import_begin(&conf, "staff", &(struct import_files){
	    fuzz_file(2, good_units, sizeof(good_units) - 1),
	    fuzz_file(3, people, strlen(people)) }, true, NULL, NULL, NULL,
	    &im, &e);
	must(may_be(rc));
	if (rc == ERR_OK)
		import_drop(&im);
}

static inline void
read_known(const char *path)
{
	static const char	hash[] = "abcdefghijklmnopqrstuvwxyz234567"
				    "abcdefghijklmnopqrst";
	struct err		e;

	(void)path;
	must(may_be(submit_optout_known(fuzz_dir(), hash, &e)));
}

enum kind {
	KIND_BOX,
	KIND_LARGE_BOX,
	KIND_WAVE,
	KIND_PUBLISHED,
	KIND_LAST,
	KIND_ROSTER,
	KIND_KNOWN,
	KIND__MAX
};

static struct {
	const char	*name;		/* in the state directory */
	void		(*read)(const char *path);
	char		*path, *bytes;
	size_t		 size;
} kinds[KIND__MAX] = {
	[KIND_BOX] = { "box", read_box, NULL, NULL, 0 },
	[KIND_LARGE_BOX] = { "large", read_box, NULL, NULL, 0 },
	[KIND_WAVE] = { "wave", read_wave, NULL, NULL, 0 },
	[KIND_PUBLISHED] = { "published/staff-2026q4.gdbm", read_published,
	    NULL, NULL, 0 },
	[KIND_LAST] = { "roster/last-staff", read_last, NULL, NULL, 0 },
	[KIND_ROSTER] = { "roster/roster.gdbm", read_roster, NULL, NULL, 0 },
	[KIND_KNOWN] = { "answers/optout/known", read_known, NULL, NULL, 0 },
};

/* Writes one good store of every kind and keeps its bytes. */
static inline void
kinds_make(void)
{
	struct err	e;
	int		i;

	must(crypt_init());
	memset(secret, 7, sizeof(secret));
	crypt_keypair(pub, secret);
	conf.state_dir = TEXT(fuzz_dir());
	conf.min_group = 10;
	conf.site = (struct site){ .organisation = TEXT("Taf"),
	    .base_url = TEXT("https://pulse.taf.example/"),
	    .from = { TEXT("Carys"), TEXT("pulse@taf.example") },
	    .reply_to = TEXT(""), .return_path = TEXT("b@taf.example"),
	    .langs = { 1, { "en" } }, .lawful_basis = TEXT(""),
	    .contact = TEXT(""), .server_control = TEXT(""), .min_group = 10,
	    .keep_years = 5 };
	conf.n_surveys = 1;
	snprintf(conf.survey[0].name, sizeof(conf.survey[0].name), "staff");
	MUST_OK(state_prepare(fuzz_dir(), &e));
	make_roster();
	make_wave();
	make_published();
	make_last();
	make_box("large", 400);
	make_box("box", 6);
	for (i = 0; i < KIND__MAX; i++) {
		kinds[i].path = mem_fmt("%s/%s", fuzz_dir(), kinds[i].name);
		MUST_OK(file_read(kinds[i].path, 1 << 24, &kinds[i].bytes,
		    &kinds[i].size, &e));
	}
}

/* Puts the good store of a kind back in place of a changed one. */
static inline void
kinds_restore(enum kind k)
{
	if (k == KIND_LAST || k == KIND_ROSTER)
		fuzz_write(kinds[k].path, kinds[k].bytes, kinds[k].size);
}

#endif
