/*
 * ctl_score.h - the command `sensectl score`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_CTL_SCORE_H
#define SENSED_PROG_CTL_SCORE_H

/*
 * argv[0] is the command's own name.  Prints to standard output and returns
 * the exit status: 0, also when nothing can be published; 64 wrong usage; 65
 * refused input; 66 no such file; 70 an internal check failed; 74 output.
 */
int	ctl_score(int argc, char **argv);

#endif
