/*
 * adjtimex_shim.c - a kernel whose clock is as a test wants it.
 *
 * Preloaded; ADJTIMEX says "synced", "unsynced" or "refused".  A program that
 * asked to set anything would be ended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

int
adjtimex(struct timex *t)
{
	const char *how = getenv("ADJTIMEX");

	if (t->modes != 0)
		abort();
	if (how == NULL || strcmp(how, "refused") == 0) {
		errno = EPERM;
		return -1;
	}
	t->status = strcmp(how, "synced") == 0 ? STA_PLL : STA_UNSYNC;
	return t->status == STA_UNSYNC ? TIME_ERROR : TIME_OK;
}
