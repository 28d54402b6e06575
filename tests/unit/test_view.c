/*
 * test_view.c - the values that a template shows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/view.h"

static const struct view *
get(const struct view *map, const char *key)
{
	return view_get(map, key, strlen(key));
}

static void
assert_text(const struct view *map, const char *key, const char *text)
{
	assert_string_equal(view_string(get(map, key)), text);
}

static void
test_names(void **state)
{
	struct view *v = view_new();

	(void)state;
	view_text(v, "a", "1");
	view_text(v, "ab", NULL);
	view_textf(v, "abc", "%d of %s", 2, "five");
	assert_text(v, "a", "1");
	assert_text(v, "ab", "");
	assert_text(v, "abc", "2 of five");
	assert_null(get(v, "abcd"));
	assert_null(get(v, ""));
	assert_null(get(NULL, "a"));
	assert_null(get(get(v, "a"), "a"));
	view_free(v);
	view_free(NULL);
}

static void
test_later_value_wins(void **state)
{
	struct view *v = view_new();

	(void)state;
	view_text(v, "a", "1");
	view_text(v, "b", "2");
	view_text(v, "a", "3");
	assert_text(v, "a", "3");
	assert_text(v, "b", "2");
	view_text(v, "a", view_string(get(v, "a")));
	assert_text(v, "a", "3");
	view_item_text(view_list(v, "a"), "x");
	assert_true(view_is_list(get(v, "a")));
	assert_text(v, "a", "");
	view_text(view_map(v, "a"), "b", "4");
	assert_text(get(v, "a"), "b", "4");
	view_flag(v, "a", true);
	assert_true(view_is_flag(get(v, "a")));
	view_list(v, "a");
	assert_null(view_first(get(v, "a")));
	view_free(v);
}

static void
test_truth(void **state)
{
	struct view *v = view_new();

	(void)state;
	assert_false(view_true(NULL));
	assert_true(view_true(v));
	view_text(v, "a", "");
	assert_false(view_true(get(v, "a")));
	view_text(v, "a", "0");
	assert_true(view_true(get(v, "a")));
	view_flag(v, "a", false);
	assert_false(view_true(get(v, "a")));
	view_flag(v, "a", true);
	assert_true(view_true(get(v, "a")));
	view_list(v, "a");
	assert_false(view_true(get(v, "a")));
	view_item_text(view_list(v, "a"), "");
	assert_true(view_true(get(v, "a")));
	view_map(v, "a");
	assert_true(view_true(get(v, "a")));
	view_free(v);
}

static void
test_lists_keep_their_order(void **state)
{
	struct view		*v = view_new(), *list = view_list(v, "l");
	const struct view	*item;

	(void)state;
	view_item_text(list, "first");
	view_text(view_item(list), "k", "second");
	view_item_text(view_item_list(list), "third");
	item = view_first(list);
	assert_string_equal(view_string(item), "first");
	item = view_next(item);
	assert_text(item, "k", "second");
	item = view_next(item);
	assert_true(view_is_list(item));
	assert_string_equal(view_string(view_first(item)), "third");
	assert_null(view_next(item));
	view_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_later_value_wins),
		cmocka_unit_test(test_truth),
		cmocka_unit_test(test_lists_keep_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
