/*
 * headcount.c - a survey's tree, and how many people each unit has.
 *
 * Counts and forgets: memory grows with units, never with people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/csv.h"
#include "io/headcount.h"
#include "io/roster.h"

enum { UNIT, PARENT, NAME, UNIT_COLUMNS = 6 };

/* The columns of an import; those without a use here may be missing. */
static const struct csv_column unit_columns[UNIT_COLUMNS] = {
	[UNIT] = { "unit", false },
	[PARENT] = { "parent", false },
	[NAME] = { "name", true },
	{ "leader_name", true },
	{ "leader_email", true },
	{ "language", true },
};

static const struct csv_column people_columns[] = {
	{ "unit", false },
	{ "id", true },
	{ "email", true },
	{ "name", true },
	{ "language", true },
};

/* A unit as its first row has it; later ones name more leaders. */
struct row {
	char		*text;
	const char	*id, *parent, *name;
	unsigned int	 line;
};

struct rows {
	struct row	*row;
	size_t		 n, cap;
};

static enum err_code
count(struct tree *t, const char *unit, struct err *e)
{
	const uint32_t u = tree_find(t, unit);

	if (u == UNIT_NONE)
		return err_set(e, ERR_INPUT, "unknown unit; expected one of "
		    "the units file");
	t->unit[u].invited++;
	return ERR_OK;
}

static enum err_code
count_person(void *arg, const struct person *p, struct err *e)
{
	return count(arg, p->unit, e);
}

enum err_code
headcount_roster(const char *state_dir, const char *survey, struct tree *t,
    struct err *e)
{
	struct roster	*r = NULL;
	enum err_code	 rc;

	tree_init(t);
	if ((rc = roster_open(state_dir, &r, e)) != ERR_OK)
		return rc;
	if ((rc = roster_tree(r, survey, t, e)) == ERR_OK)
		rc = roster_each(r, survey, count_person, t, e);
	roster_close(&r);
	return rc == ERR_INPUT ? err_set(e, ERR_CORRUPT, "the roster has a "
	    "person of survey %s in a unit that it does not know", survey) :
	    rc;
}

static enum err_code
keep_unit(void *arg, const char *const *f, unsigned int line, struct err *e)
{
	struct rows	*rows = arg;
	struct row	*r;
	const size_t	 id = strlen(f[UNIT]) + 1;
	const size_t	 parent = strlen(f[PARENT]) + 1;

	if (rows->n == (size_t)UNITS_MAX * LEADERS_MAX)
		return err_set(e, ERR_INPUT, "too many rows, expected at most "
		    "%d", UNITS_MAX * LEADERS_MAX);
	if (strlen(f[NAME]) > UNIT_NAME_MAX)
		return err_set(e, ERR_INPUT, "name too long, expected at most "
		    "%d bytes", UNIT_NAME_MAX);
	if (rows->n == rows->cap) {
		rows->cap = rows->cap * 2 + 64;
		rows->row = mem_resize(rows->row, rows->cap,
		    sizeof(*rows->row));
	}
	r = &rows->row[rows->n++];
	r->text = mem_zero(id + parent + strlen(f[NAME]) + 1, 1);
	r->id = memcpy(r->text, f[UNIT], id);
	r->parent = memcpy(r->text + id, f[PARENT], parent);
	r->name = memcpy(r->text + id + parent, f[NAME], strlen(f[NAME]));
	r->line = line;
	return ERR_OK;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct row	*x = a, *y = b;
	const int		 c = strcmp(x->id, y->id);

	return c != 0 ? c : (x->line > y->line) - (x->line < y->line);
}

/* Each unit once; its other rows must agree with the first. */
static enum err_code
build_tree(struct tree *t, const struct rows *rows, unsigned int *line,
    struct err *e)
{
	const struct row	*r, *first = NULL;
	enum err_code		 rc = ERR_OK;
	size_t			 i;

	qsort(rows->row, rows->n, sizeof(*rows->row), compare_rows);
	for (i = 0; i < rows->n && rc == ERR_OK; i++) {
		r = &rows->row[i];
		*line = r->line;
		if (first == NULL || strcmp(first->id, r->id) != 0) {
			first = r;
			rc = tree_add(t, r->id, r->parent, r->name, 0, r->line,
			    e);
		} else if (strcmp(first->parent, r->parent) != 0)
			rc = err_set(e, ERR_INPUT, "unit %s has another parent "
			    "than in line %u, expected the same", r->id,
			    first->line);
	}
	return rc == ERR_OK ? tree_finish(t, line, e) : rc;
}

static enum err_code
person_row(void *arg, const char *const *f, unsigned int line, struct err *e)
{
	(void)line;
	return count(arg, f[0], e);
}

static enum err_code
read_units(const char *path, struct tree *t, struct err *e)
{
	struct rows	rows = { 0 };
	unsigned int	line = 0;
	enum err_code	rc;
	size_t		i;

	rc = csv_read(path, unit_columns, UNIT_COLUMNS, keep_unit, NULL, &rows,
	    e);
	if (rc == ERR_OK && (rc = build_tree(t, &rows, &line, e)) != ERR_OK)
		err_prefix(e, "%s:%u: ", path, line > 0 ? line : 1);
	for (i = 0; i < rows.n; i++)
		free(rows.row[i].text);
	free(rows.row);
	return rc;
}

enum err_code
headcount_files(const char *units, const char *people, struct tree *t,
    struct err *e)
{
	enum err_code rc;

	tree_init(t);
	if ((rc = read_units(units, t, e)) != ERR_OK)
		return rc;
	return csv_read(people, people_columns,
	    sizeof(people_columns) / sizeof(people_columns[0]), person_row,
	    NULL, t, e);
}
