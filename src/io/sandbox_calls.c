/*
 * sandbox_calls.c - which system calls a role may make.
 *
 * The answer handler and the reader of bounces have the shortest list that
 * passes their tests and die at the first other call: their input comes from
 * strangers, and what they do is known to the last call.  The other roles run
 * large libraries and get a list of what none of them needs, refused with
 * EPERM.
 *
 * A list names calls, not files: those are Landlock's (sandbox.c).
 *
 * Of libseccomp there is only the header, which knows the calls of every
 * architecture.  The library itself makes a filter with hundreds of
 * allocations, and without memory it crashes, or leaves out a rule and says
 * nothing; ours is a plain list of steps, and needs none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

#include "io/sandbox_calls.h"

#define BIT(role)	(1U << (role))
#define ANSWER		(BIT(SANDBOX_CGI) | BIT(SANDBOX_FASTCGI))
#define LISTEN		BIT(SANDBOX_FASTCGI)
#define READER		BIT(SANDBOX_READER)
#define LISTED		(ANSWER | READER)
#define NO_NETWORK	(BIT(SANDBOX_KEEPER) | BIT(SANDBOX_PUBLISHER) | \
			BIT(SANDBOX_BOUNCE))
#define OTHERS		(NO_NETWORK | BIT(SANDBOX_MAILER) | BIT(SANDBOX_SENDER))

#if defined(__x86_64__)
#define ARCH		AUDIT_ARCH_X86_64
#define X32_BIT		0x40000000	/* another set of numbers */
#elif defined(__aarch64__)
#define ARCH		AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH		AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH		AUDIT_ARCH_PPC64LE
#else
#error "the name of this architecture in <linux/audit.h> is wanted here"
#endif
#define LOW_HALF	0	/* of an argument: all are little-endian */

struct call {
	unsigned int	roles;
	int		number;
};

/*
 * What these two do.  Of several names for one thing the C library
 * takes another on each architecture; those that an architecture does not have
 * are left out of its filter.
 */
static const struct call allowed[] = {
	/* files */
	{ ANSWER, SCMP_SYS(access) },
	{ LISTED, SCMP_SYS(close) },
	{ ANSWER, SCMP_SYS(dup) },
	{ ANSWER, SCMP_SYS(faccessat) },
	{ ANSWER, SCMP_SYS(faccessat2) },
	{ ANSWER, SCMP_SYS(fchmod) },
	{ ANSWER, SCMP_SYS(fdatasync) },
	{ ANSWER, SCMP_SYS(flock) },
	{ LISTED, SCMP_SYS(fstat) },
	{ ANSWER, SCMP_SYS(fsync) },
	{ ANSWER, SCMP_SYS(ftruncate) },
	{ ANSWER, SCMP_SYS(getdents64) },
	{ LISTED, SCMP_SYS(lseek) },
	{ ANSWER, SCMP_SYS(memfd_create) },
	{ ANSWER, SCMP_SYS(msync) },
	{ LISTED, SCMP_SYS(newfstatat) },
	{ LISTED, SCMP_SYS(openat) },
	{ LISTED, SCMP_SYS(read) },
	{ ANSWER, SCMP_SYS(rename) },
	{ ANSWER, SCMP_SYS(renameat) },
	{ ANSWER, SCMP_SYS(renameat2) },
	{ ANSWER, SCMP_SYS(sendfile) },
	{ ANSWER, SCMP_SYS(unlink) },
	{ ANSWER, SCMP_SYS(unlinkat) },
	{ LISTED, SCMP_SYS(write) },
	/* memory; mmap is below */
	{ LISTED, SCMP_SYS(brk) },
	{ LISTED, SCMP_SYS(mremap) },
	{ LISTED, SCMP_SYS(munmap) },
	/* time, where the kernel's page cannot tell it; qsort asks sysinfo */
	{ ANSWER, SCMP_SYS(alarm) },
	{ LISTED, SCMP_SYS(clock_gettime) },
	{ LISTED, SCMP_SYS(getrandom) },
	{ ANSWER, SCMP_SYS(gettimeofday) },
	{ ANSWER, SCMP_SYS(setitimer) },
	{ ANSWER, SCMP_SYS(sysinfo) },
	{ ANSWER, SCMP_SYS(time) },
	/* the process itself */
	{ LISTED, SCMP_SYS(exit_group) },
	{ LISTED, SCMP_SYS(futex) },
	{ LISTED, SCMP_SYS(restart_syscall) },
	{ LISTED, SCMP_SYS(rt_sigprocmask) },
	{ LISTED, SCMP_SYS(rt_sigreturn) },
#ifdef __SANITIZE_ADDRESS__
	{ LISTED, SCMP_SYS(sigaltstack) },	/* before each _exit */
#endif
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

/* The filter as the kernel takes it; enough room for every call twice. */
struct filter {
	struct sock_filter	step[2 * (sizeof(allowed) + sizeof(refused)) /
				    sizeof(allowed[0])];
	unsigned short		n;
};

static void
add(struct filter *f, struct sock_filter step)
{
	if (f->n < sizeof(f->step) / sizeof(f->step[0]))
		f->step[f->n++] = step;
}

static void
load(struct filter *f, size_t at)
{
	add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    (uint32_t)at));
}

static void
end(struct filter *f, uint32_t action)
{
	add(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* What follows, up to `skip' steps, is for this value alone. */
static void
when(struct filter *f, unsigned int test, uint32_t value, unsigned char skip)
{
	add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value, 0,
	    skip));
}

/* Another architecture's calls have other numbers: none of them is ours. */
static void
add_numbers(struct filter *f)
{
	load(f, offsetof(struct seccomp_data, arch));
	add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1,
	    0));
	end(f, SECCOMP_RET_KILL_PROCESS);
	load(f, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
	when(f, BPF_JGE, X32_BIT, 1);
	end(f, SECCOMP_RET_KILL_PROCESS);
#endif
}

static void
add_calls(struct filter *f, uint32_t action, enum sandbox_role role,
    const struct call *c, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((c[i].roles & BIT(role)) != 0 && c[i].number >= 0) {
			when(f, BPF_JEQ, (uint32_t)c[i].number, 1);
			end(f, action);
		}
}

/* Memory, but none that can be run. */
static void
add_mmap(struct filter *f)
{
	when(f, BPF_JEQ, SCMP_SYS(mmap), 4);
	load(f, offsetof(struct seccomp_data, args[2]) + LOW_HALF);
	when(f, BPF_JSET, PROT_EXEC, 1);
	end(f, SECCOMP_RET_KILL_PROCESS);
	end(f, SECCOMP_RET_ALLOW);
}

enum err_code
sandbox_calls(enum sandbox_role role, struct err *e)
{
	struct filter		f = { .n = 0 };
	struct sock_fprog	all = { .filter = f.step };

	add_numbers(&f);
	if ((LISTED & BIT(role)) != 0) {
		add_calls(&f, SECCOMP_RET_ALLOW, role, allowed,
		    sizeof(allowed) / sizeof(allowed[0]));
		add_mmap(&f);
		end(&f, SECCOMP_RET_KILL_PROCESS);
	} else {
		add_calls(&f, SECCOMP_RET_ERRNO | EPERM, role, refused,
		    sizeof(refused) / sizeof(refused[0]));
		end(&f, SECCOMP_RET_ALLOW);
	}
	all.len = f.n;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &all) == -1)
		return err_sys(e, "this kernel takes no seccomp filter");
	return ERR_OK;
}
