/*
 * view.h - the values that a template shows.
 *
 * A tree of maps and lists whose leaves are texts and flags.  Numbers are
 * texts: how a figure looks is decided before it comes here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_VIEW_H
#define SENSED_CORE_VIEW_H

#include <stdbool.h>
#include <stddef.h>

/* A value: text, a truth, a list, or a map of named values. */
struct view;

/* The root of all: an empty map.  view_free frees everything below it. */
struct view	*view_new(void);
void		 view_free(struct view *root);

/*
 * Sets a named value of a map; keys and texts are copied; a later value of
 * the same key wins, and pointers into the earlier one are dead.  A text that
 * is NULL is empty.  view_map and view_list return the new, empty value, owned
 * by the map.
 */
void		 view_text(struct view *map, const char *key, const char *text);
void		 view_textf(struct view *map, const char *key, const char *fmt,
		     ...) __attribute__((format(printf, 3, 4)));
void		 view_flag(struct view *map, const char *key, bool on);
struct view	*view_map(struct view *map, const char *key);
struct view	*view_list(struct view *map, const char *key);

/* Appends an empty map, a text, or an empty list to a list. */
struct view	*view_item(struct view *list);
void		 view_item_text(struct view *list, const char *text);
struct view	*view_item_list(struct view *list);

/* The named value of a map; NULL if it has none, or v is not a map. */
const struct view *view_get(const struct view *v, const char *key, size_t len);

/* False: no value (NULL), a flag that is off, an empty text, an empty list. */
bool		 view_true(const struct view *v);

/* True if sections repeat for each item of v. */
bool		 view_is_list(const struct view *v);

/* True if names are looked up, and {{.}} shown, elsewhere: v is a flag. */
bool		 view_is_flag(const struct view *v);

/* The items of a list, in order; NULL behind the last. */
const struct view *view_first(const struct view *list);
const struct view *view_next(const struct view *item);

/* The text of v; "" for NULL and for everything that is not text. */
const char	*view_string(const struct view *v);

#endif
