/*
 * sending.h - mails the digests of published waves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_SENDING_H
#define SENSED_PROG_SENDING_H

#include "io/conf.h"

/*
 * Mails what is owed of a wave, or of all (NULL); logs every fault, also of a
 * wave that does not keep the others from theirs, and returns the first as an
 * exit status.
 */
int		sending_run(const struct conf *c, const char *wave) MUST_USE;

#endif
