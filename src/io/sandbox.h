/*
 * sandbox.h - what a process gives up before it does its work.
 *
 * STANDARDS P2, P4 and P7; DESIGN 2.  Landlock takes away the files that a
 * role does not need, seccomp the system calls.  Both last until the process
 * ends, and bind its children too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SANDBOX_H
#define SENSED_IO_SANDBOX_H

#include "base/err.h"

/*
 * SANDBOX_CGI         reads templates and waves/, writes answers/; a list of
 *                     calls, and death on any other
 * SANDBOX_FASTCGI     the same, and takes connections from a socket it holds
 * SANDBOX_KEEPER      the state directory alone; no socket
 * SANDBOX_MAILER      never keys/ballot or published/; the network
 * SANDBOX_PUBLISHER   the state directory alone; no socket
 * SANDBOX_SENDER      published/ and the roster, no key of a wave, no answer;
 *                     the network
 * SANDBOX_READER      takes a stranger's message apart: no file at all; a list
 *                     of calls, and death on any other
 * SANDBOX_BOUNCE      the health log and the organisation's key, waves/, and
 *                     the names of published waves; no socket
 *
 * None may start a program or look into another process.
 */
enum sandbox_role {
	SANDBOX_CGI,
	SANDBOX_FASTCGI,
	SANDBOX_KEEPER,
	SANDBOX_MAILER,
	SANDBOX_PUBLISHER,
	SANDBOX_SENDER,
	SANDBOX_READER,
	SANDBOX_BOUNCE,
	SANDBOX__MAX
};

/*
 * To be called before the process has threads, and when every file that the
 * role may not open again has been read.  A folder of ours that is replaced
 * afterwards is out of reach.
 *
 * ERR_SYS: the kernel has no Landlock or no seccomp, a folder is missing, or
 * the configuration puts one where it opens what must be closed.  The caller
 * may have lost some rights already, and must not go on to its work.
 */
enum err_code	sandbox_enter(enum sandbox_role role, const char *state_dir,
		    const char *templates, struct err *e) MUST_USE;

#endif
