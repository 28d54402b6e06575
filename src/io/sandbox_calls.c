/*
 * sandbox_calls.c - which system calls a role may make.
 *
 * The answer handler has the shortest list that passes its tests and dies at
 * the first other call: its input comes from strangers, and what it does is
 * known to the last call.  The other roles run large libraries and get a list
 * of what none of them needs, refused with EPERM.
 *
 * A list names calls, not files: those are Landlock's (sandbox.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <seccomp.h>

#include "io/sandbox_calls.h"

#define BIT(role)	(1U << (role))
#define ANSWER		(BIT(SANDBOX_CGI) | BIT(SANDBOX_FASTCGI))
#define LISTEN		BIT(SANDBOX_FASTCGI)
#define NO_NETWORK	(BIT(SANDBOX_KEEPER) | BIT(SANDBOX_PUBLISHER))
#define OTHERS		(NO_NETWORK | BIT(SANDBOX_MAILER) | BIT(SANDBOX_SENDER))

struct call {
	unsigned int	roles;
	int		number;
};

/*
 * What the answer handler does.  Of several names for one thing the C library
 * takes another on each architecture; those that an architecture does not have
 * are left out of its filter.
 */
static const struct call allowed[] = {
	/* files */
	{ ANSWER, SCMP_SYS(access) },
	{ ANSWER, SCMP_SYS(close) },
	{ ANSWER, SCMP_SYS(dup) },
	{ ANSWER, SCMP_SYS(faccessat) },
	{ ANSWER, SCMP_SYS(faccessat2) },
	{ ANSWER, SCMP_SYS(fchmod) },
	{ ANSWER, SCMP_SYS(fdatasync) },
	{ ANSWER, SCMP_SYS(flock) },
	{ ANSWER, SCMP_SYS(fstat) },
	{ ANSWER, SCMP_SYS(fsync) },
	{ ANSWER, SCMP_SYS(ftruncate) },
	{ ANSWER, SCMP_SYS(getdents64) },
	{ ANSWER, SCMP_SYS(lseek) },
	{ ANSWER, SCMP_SYS(memfd_create) },
	{ ANSWER, SCMP_SYS(msync) },
	{ ANSWER, SCMP_SYS(newfstatat) },
	{ ANSWER, SCMP_SYS(openat) },
	{ ANSWER, SCMP_SYS(read) },
	{ ANSWER, SCMP_SYS(rename) },
	{ ANSWER, SCMP_SYS(renameat) },
	{ ANSWER, SCMP_SYS(renameat2) },
	{ ANSWER, SCMP_SYS(sendfile) },
	{ ANSWER, SCMP_SYS(unlink) },
	{ ANSWER, SCMP_SYS(unlinkat) },
	{ ANSWER, SCMP_SYS(write) },
	/* memory; mmap is below */
	{ ANSWER, SCMP_SYS(brk) },
	{ ANSWER, SCMP_SYS(mremap) },
	{ ANSWER, SCMP_SYS(munmap) },
	/* time, where the kernel's page cannot tell it; qsort asks sysinfo */
	{ ANSWER, SCMP_SYS(alarm) },
	{ ANSWER, SCMP_SYS(clock_gettime) },
	{ ANSWER, SCMP_SYS(getrandom) },
	{ ANSWER, SCMP_SYS(gettimeofday) },
	{ ANSWER, SCMP_SYS(setitimer) },
	{ ANSWER, SCMP_SYS(sysinfo) },
	{ ANSWER, SCMP_SYS(time) },
	/* the process itself */
	{ ANSWER, SCMP_SYS(exit_group) },
	{ ANSWER, SCMP_SYS(futex) },
	{ ANSWER, SCMP_SYS(restart_syscall) },
	{ ANSWER, SCMP_SYS(rt_sigprocmask) },
	{ ANSWER, SCMP_SYS(rt_sigreturn) },
	/* connections of the socket that it was started with */
	{ LISTEN, SCMP_SYS(accept) },
	{ LISTEN, SCMP_SYS(epoll_pwait) },
	{ LISTEN, SCMP_SYS(poll) },
	{ LISTEN, SCMP_SYS(ppoll) },
	{ LISTEN, SCMP_SYS(shutdown) },
};

/* What no other role needs.  A ring of requests could make sockets unseen. */
static const struct call refused[] = {
	{ NO_NETWORK, SCMP_SYS(accept) },
	{ NO_NETWORK, SCMP_SYS(accept4) },
	{ NO_NETWORK, SCMP_SYS(bind) },
	{ NO_NETWORK, SCMP_SYS(connect) },
	{ NO_NETWORK, SCMP_SYS(listen) },
	{ NO_NETWORK, SCMP_SYS(socket) },
	{ NO_NETWORK, SCMP_SYS(socketpair) },
	{ OTHERS, SCMP_SYS(add_key) },
	{ OTHERS, SCMP_SYS(bpf) },
	{ OTHERS, SCMP_SYS(chroot) },
	{ OTHERS, SCMP_SYS(execve) },
	{ OTHERS, SCMP_SYS(execveat) },
	{ OTHERS, SCMP_SYS(io_uring_enter) },
	{ OTHERS, SCMP_SYS(io_uring_register) },
	{ OTHERS, SCMP_SYS(io_uring_setup) },
	{ OTHERS, SCMP_SYS(kcmp) },
	{ OTHERS, SCMP_SYS(keyctl) },
	{ OTHERS, SCMP_SYS(mount) },
	{ OTHERS, SCMP_SYS(move_mount) },
	{ OTHERS, SCMP_SYS(open_by_handle_at) },
	{ OTHERS, SCMP_SYS(perf_event_open) },
	{ OTHERS, SCMP_SYS(pidfd_getfd) },
	{ OTHERS, SCMP_SYS(pivot_root) },
	{ OTHERS, SCMP_SYS(process_vm_readv) },
	{ OTHERS, SCMP_SYS(process_vm_writev) },
	{ OTHERS, SCMP_SYS(ptrace) },
	{ OTHERS, SCMP_SYS(request_key) },
	{ OTHERS, SCMP_SYS(setns) },
	{ OTHERS, SCMP_SYS(umount2) },
	{ OTHERS, SCMP_SYS(unshare) },
	{ OTHERS, SCMP_SYS(userfaultfd) },
};

/* The result of libseccomp: 0, or an errno with its sign changed. */
static int
add_calls(scmp_filter_ctx ctx, uint32_t action, enum sandbox_role role,
    const struct call *c, size_t n)
{
	size_t	i;
	int	r = 0;

	for (i = 0; i < n && r == 0; i++)
		if ((c[i].roles & BIT(role)) != 0 && c[i].number >= 0)
			r = seccomp_rule_add(ctx, action, c[i].number, 0);
	return r;
}

/* Memory, but none that can be run. */
static int
add_mmap(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

enum err_code
sandbox_calls(enum sandbox_role role, struct err *e)
{
	const bool	answer = (ANSWER & BIT(role)) != 0;
	scmp_filter_ctx	ctx;
	int		r;

	ctx = seccomp_init(answer ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ALLOW);
	if (ctx == NULL)
		return err_set(e, ERR_SYS, "no seccomp filter can be made");
	if (answer) {
		r = add_calls(ctx, SCMP_ACT_ALLOW, role, allowed,
		    sizeof(allowed) / sizeof(allowed[0]));
		if (r == 0)
			r = add_mmap(ctx);
	} else
		r = add_calls(ctx, SCMP_ACT_ERRNO(EPERM), role, refused,
		    sizeof(refused) / sizeof(refused[0]));
	if (r == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	if (r != 0)
		return err_set(e, ERR_SYS, "this kernel takes no seccomp "
		    "filter: %s", strerror(-r));
	return ERR_OK;
}
