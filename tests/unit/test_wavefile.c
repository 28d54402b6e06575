/*
 * test_wavefile.c - the frozen tree of a wave comes back as it was.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "io/file.h"
#include "io/wavefile.h"

#define UNITS	1000	/* the array of units moves many times */

static char dir[] = "/tmp/sensed-wave-XXXXXX";
static struct err err;

static void
fill(struct wave *w)
{
	char		id[16], above[16];
	unsigned int	line;
	size_t		i;

	wave_init(w);
	memcpy(w->name, "staff-2026q4", 13);
	memcpy(w->survey, "staff", 6);
	w->state = WAVE_OPEN;
	w->opened = 1;
	w->closes = 2;
	w->k = 10;
	w->langs.n = 1;
	memcpy(w->langs.code[0], "en", 3);
	w->questions.stem[0] = mem_str("How much do you agree?");
	for (i = 0; i < UNITS; i++) {
		snprintf(id, sizeof(id), "U%04zu", i);
		snprintf(above, sizeof(above), "U%04zu", i / 3);
		assert_int_equal(tree_add(&w->tree, id, i == 0 ? "" : above,
		    id, (uint32_t)i, 0, &err), ERR_OK);
	}
	assert_int_equal(tree_finish(&w->tree, &line, &err), ERR_OK);
	for (i = 0; i < UNITS; i++)
		w->tree.unit[i].stayed = (uint32_t)(2 * i);
}

static void
test_tree_comes_back(void **state)
{
	struct wave	 w, again;
	char		*path = mem_fmt("%s/wave.gdbm", dir);
	size_t		 i;

	(void)state;
	fill(&w);
	assert_int_equal(wavefile_write(path, &w, &err), ERR_OK);
	assert_int_equal(wavefile_read(path, WAVE_WHOLE, &again, &err),
	    ERR_OK);
	assert_int_equal(again.tree.n, UNITS);
	for (i = 0; i < UNITS; i++) {
		assert_string_equal(again.tree.unit[i].id,
		    w.tree.unit[i].id);
		assert_int_equal(again.tree.unit[i].parent,
		    w.tree.unit[i].parent);
		assert_int_equal(again.tree.unit[i].invited,
		    w.tree.unit[i].invited);
		assert_int_equal(again.tree.unit[i].stayed, 2 * i);
	}
	wave_wipe(&again);
	print_message("  a brief reading has no tree\n");
	assert_int_equal(wavefile_read(path, WAVE_BRIEF, &again, &err),
	    ERR_OK);
	assert_int_equal(again.tree.n, 0);
	wave_wipe(&again);
	wave_wipe(&w);
	free(path);
}

static int
leave(void **state)
{
	(void)state;
	return file_remove(dir, &err) == ERR_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree_comes_back),
	};

	if (mkdtemp(dir) == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, leave);
}
