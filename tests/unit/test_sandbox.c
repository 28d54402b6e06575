/*
 * test_sandbox.c - what each role may still do, and everything it may not.
 *
 * Each trial is a child that enters the sandbox for good and tries one thing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/sandbox.h"
#include "io/state.h"
#include "scratch.h"

#define BIT(role)	(1U << (role))
#define CGI		BIT(SANDBOX_CGI)
#define FASTCGI		BIT(SANDBOX_FASTCGI)
#define ANSWER		(CGI | FASTCGI)
#define KEEPER		BIT(SANDBOX_KEEPER)
#define MAILER		BIT(SANDBOX_MAILER)
#define PUBLISHER	BIT(SANDBOX_PUBLISHER)
#define SENDER		BIT(SANDBOX_SENDER)
#define MAIL		(MAILER | SENDER)
#define LOCAL		(KEEPER | PUBLISHER)
#define OTHERS		(MAIL | LOCAL)
#define READER		BIT(SANDBOX_READER)
#define BOUNCE		BIT(SANDBOX_BOUNCE)
#define LISTED		(ANSWER | READER)
#define EVERY		(ANSWER | OTHERS | READER | BOUNCE)
#define KILLED		(-1)	/* beside errno values; 0 is done */

static const char *const role_names[SANDBOX__MAX] = {
	"cgi", "fastcgi", "keeper", "mailer", "publisher", "sender",
	"reader", "bounce"
};

static char	*state, *templates;

/* Each does one thing: 0, or errno. */
typedef int	deed(const char *path);

static int
result(long r)
{
	return r == -1 ? errno : 0;
}

static int
reads(const char *path)
{
	return result(open(path, O_RDONLY | O_CLOEXEC));
}

static int
writes(const char *path)
{
	return result(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int
empties(const char *path)
{
	return result(open(path, O_WRONLY | O_TRUNC | O_CLOEXEC));
}

/* What a commit does: a new file beside, a rename over the old one. */
static int
commits(const char *path)
{
	char	*new = mem_fmt("%s.new", path);
	int	r = writes(new);

	if (r == 0)
		r = result(rename(new, path));
	free(new);
	return r;
}

static int
removes(const char *path)
{
	return result(unlink(path));
}

static int
makes_dir(const char *path)
{
	return result(mkdir(path, 0700));
}

static int
links_out(const char *path)
{
	return result(symlink("/etc/passwd", path));
}

static int
makes_socket(const char *path)
{
	(void)path;
	return result(socket(AF_INET, SOCK_STREAM, 0));
}

static int
makes_local_socket(const char *path)
{
	(void)path;
	return result(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int
makes_pair(const char *path)
{
	int fd[2];

	(void)path;
	return result(socketpair(AF_UNIX, SOCK_STREAM, 0, fd));
}

static int
connects(const char *path)
{
	const struct sockaddr a = { .sa_family = AF_UNSPEC };

	(void)path;
	return result(connect(0, &a, sizeof(a)));
}

static int
makes_ring(const char *path)
{
	char params[120];

	(void)path;
	memset(params, 0, sizeof(params));
	return result(syscall(SYS_io_uring_setup, 1, params));
}

static int
executes(const char *path)
{
	char *const argv[] = { (char *)(uintptr_t)path, NULL };

	return result(execve(path, argv, argv + 1));
}

static int
traces(const char *path)
{
	(void)path;
	return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int
peeks(const char *path)
{
	char		here[8], there[8];
	struct iovec	a = { here, sizeof(here) };
	struct iovec	b = { there, sizeof(there) };

	(void)path;
	return result(process_vm_readv(getppid(), &a, 1, &b, 1, 0));
}

static int
forks(const char *path)
{
	pid_t pid;

	(void)path;
	if ((pid = fork()) == 0)
		_exit(0);
	return result(pid);
}

static int
signals(const char *path)
{
	(void)path;
	return result(kill(getppid(), 0));
}

static int
runs_memory(const char *path)
{
	(void)path;
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE |
	    MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static int
unlocks_memory(const char *path)
{
	void *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	    0);

	(void)path;
	return result(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int
becomes_dumpable(const char *path)
{
	(void)path;
	return result(prctl(PR_SET_DUMPABLE, 1));
}

static int
changes_mode(const char *path)
{
	return result(chmod(path, 0777));
}

/* A path that does not begin with "/" is in the scratch folder. */
static const struct trial {
	const char	*name;
	unsigned int	 roles;
	deed		*deed;
	const char	*path;
	int		 expected;
} trials[] = {
	{ "the health log is written", BOUNCE, writes,
	    "state/roster/health.log", 0 },
	{ "the organisation's key is read", BOUNCE, reads,
	    "state/keys/organisation", 0 },
	{ "the roster's lock is there", BOUNCE, writes, "state/locks/roster",
	    0 },
	{ "wave files are read", BOUNCE, reads, "state/waves/aa-w.gdbm", 0 },
	{ "published waves are listed", BOUNCE, reads, "state/published", 0 },
	{ "no figure", READER | BOUNCE, reads, "state/published/w.gdbm",
	    EACCES },
	{ "no roster", READER | BOUNCE, reads, "state/roster/roster.gdbm",
	    EACCES },
	{ "no file beside the health log", READER | BOUNCE, writes,
	    "state/roster/x", EACCES },
	{ "no key of a wave", READER | BOUNCE, reads, "state/keys/token/w",
	    EACCES },
	{ "no ballot key", READER | BOUNCE, reads, "state/keys/ballot/w",
	    EACCES },
	{ "no box", READER | BOUNCE, reads,
	    "state/answers/aa-w/boxes/0000.gdbm", EACCES },
	{ "no ledger", READER | BOUNCE, reads, "state/ledgers/w.log",
	    EACCES },
	{ "no template", READER | BOUNCE, reads,
	    "templates/en/form.mustache", EACCES },
	{ "wave files are not written", READER | BOUNCE, writes,
	    "state/waves/aa-w.gdbm", EACCES },
	{ "not the organisation's key", READER, reads,
	    "state/keys/organisation", EACCES },
	{ "the key is not written", BOUNCE, writes, "state/keys/organisation",
	    EACCES },
	{ "not the health log", READER, reads, "state/roster/health.log",
	    EACCES },
	{ "no wave file", READER, reads, "state/waves/aa-w.gdbm", EACCES },
	{ "no list of waves", READER, reads, "state/waves", EACCES },
	{ "templates are read", ANSWER | MAIL | KEEPER, reads,
	    "templates/en/form.mustache", 0 },
	{ "wave files are read", ANSWER | MAIL | LOCAL, reads,
	    "state/waves/aa-w.gdbm", 0 },
	{ "waves are listed", ANSWER | MAIL | LOCAL, reads, "state/waves",
	    0 },
	{ "boxes are read", ANSWER | MAILER | LOCAL, reads,
	    "state/answers/aa-w/boxes/0000.gdbm", 0 },
	{ "boxes are replaced", ANSWER | LOCAL, commits,
	    "state/answers/aa-w/boxes/0000.gdbm", 0 },
	{ "a leftover in a box folder is removed", ANSWER | LOCAL, removes,
	    "state/answers/aa-w/boxes/0000.gdbm", 0 },
	{ "a leftover in a box folder is emptied", ANSWER | LOCAL, empties,
	    "state/answers/aa-w/boxes/0000.gdbm", 0 },
	{ "the ledger is written", MAIL | LOCAL, writes, "state/ledgers/w.log",
	    0 },
	{ "the roster is read", OTHERS, reads, "state/roster/roster.gdbm", 0 },
	{ "the organisation's key is read", OTHERS, reads,
	    "state/keys/organisation", 0 },
	{ "token keys are read", MAILER | LOCAL, reads, "state/keys/token/w",
	    0 },
	{ "ballot keys are read", LOCAL, reads, "state/keys/ballot/w", 0 },
	{ "publications are written", LOCAL, commits,
	    "state/published/w.gdbm", 0 },
	{ "publications are read", SENDER | LOCAL, reads,
	    "state/published/w.gdbm", 0 },
	{ "folders of a wave are made", LOCAL, makes_dir,
	    "state/answers/ab-x", 0 },
	{ "the network is there", MAIL, makes_socket, NULL, 0 },

	{ "no ballot key", ANSWER | MAIL, reads, "state/keys/ballot/w",
	    EACCES },
	{ "no list of ballot keys", ANSWER | MAIL, reads, "state/keys/ballot",
	    EACCES },
	{ "no token key", ANSWER | SENDER, reads, "state/keys/token/w",
	    EACCES },
	{ "no organisation's key", ANSWER, reads, "state/keys/organisation",
	    EACCES },
	{ "keys are not written", ANSWER | MAIL, writes,
	    "state/keys/organisation", EACCES },
	{ "no roster", ANSWER, reads, "state/roster/roster.gdbm", EACCES },
	{ "the roster is not written", ANSWER | MAIL, writes,
	    "state/roster/roster.gdbm", EACCES },
	{ "no ledger", ANSWER, reads, "state/ledgers/w.log", EACCES },
	{ "no publication", ANSWER | MAILER, reads, "state/published/w.gdbm",
	    EACCES },
	{ "publications are not written", ANSWER | MAIL, writes,
	    "state/published/w.gdbm", EACCES },
	{ "no lock of the daemon's", ANSWER | MAIL, reads, "state/locks/roster",
	    EACCES },
	{ "no list of the state directory", ANSWER | MAIL, reads, "state",
	    EACCES },
	{ "no file beside the others", ANSWER | MAIL, writes, "state/x",
	    EACCES },
	{ "wave files are not written", ANSWER | MAIL, writes,
	    "state/waves/aa-w.gdbm", EACCES },
	{ "wave files are not made", ANSWER | MAIL, writes, "state/waves/x",
	    EACCES },
	{ "wave files are not removed", ANSWER | MAIL, removes,
	    "state/waves/aa-w.gdbm", EACCES },
	{ "no box for who mails digests", SENDER, reads,
	    "state/answers/aa-w/boxes/0000.gdbm", EACCES },
	{ "boxes are not written by who mails", MAIL, writes,
	    "state/answers/aa-w/boxes/0000.gdbm", EACCES },
	{ "templates are not written", EVERY, writes, "templates/x", EACCES },
	{ "no way out by a link", ANSWER, links_out, "state/answers/x",
	    KILLED },
	{ "no way out by a link, for others", OTHERS, links_out,
	    "state/ledgers/x", EACCES },
	{ "no folder in answers/", ANSWER, makes_dir, "state/answers/x",
	    KILLED },
	{ "no configuration", EVERY, reads, "sensed.conf", EACCES },
	{ "no file elsewhere is written", EVERY, writes, "x", EACCES },
	{ "no temporary file", EVERY, writes, "/tmp/sensed-x", EACCES },
	{ "no shared memory", EVERY, writes, "/dev/shm/sensed-x", EACCES },
	{ "no user list", ANSWER | LOCAL, reads, "/etc/passwd", EACCES },
	{ "no own memory as a file", EVERY, reads, "/proc/self/mem", EACCES },
	{ "no environment as a file", EVERY, reads, "/proc/self/environ",
	    EACCES },
	{ "no list of processes", EVERY, reads, "/proc", EACCES },
	{ "no device", EVERY, reads, "/dev/null", EACCES },
	{ "no root", EVERY, reads, "/", EACCES },

	{ "no socket", LISTED, makes_socket, NULL, KILLED },
	{ "no user list", READER | BOUNCE, reads, "/etc/passwd", EACCES },
	{ "no character set", READER, reads, "/usr/lib", EACCES },
	{ "no socket", LOCAL | BOUNCE, makes_socket, NULL, EPERM },
	{ "no local socket", LISTED, makes_local_socket, NULL, KILLED },
	{ "no local socket", LOCAL | BOUNCE, makes_local_socket, NULL, EPERM },
	{ "no pair of sockets", LISTED, makes_pair, NULL, KILLED },
	{ "no pair of sockets", LOCAL | BOUNCE, makes_pair, NULL, EPERM },
	{ "no connection", LISTED, connects, NULL, KILLED },
	{ "no connection", LOCAL | BOUNCE, connects, NULL, EPERM },
	{ "no ring of requests", LISTED, makes_ring, NULL, KILLED },
	{ "no ring of requests", OTHERS | BOUNCE, makes_ring, NULL, EPERM },
	{ "no program is started", LISTED, executes, "/bin/true", KILLED },
	{ "no program is started", OTHERS | BOUNCE, executes, "/bin/true",
	    EPERM },
	{ "no tracing", LISTED, traces, NULL, KILLED },
	{ "no tracing", OTHERS | BOUNCE, traces, NULL, EPERM },
	{ "no look into another process", LISTED, peeks, NULL, KILLED },
	{ "no look into another process", OTHERS | BOUNCE, peeks, NULL, EPERM },
	{ "no child", LISTED, forks, NULL, KILLED },
	{ "no signal to another", LISTED, signals, NULL, KILLED },
	{ "no memory that runs", LISTED, runs_memory, NULL, KILLED },
	{ "no memory made to run", LISTED, unlocks_memory, NULL, KILLED },
	{ "not dumpable again", LISTED, becomes_dumpable, NULL, KILLED },
	{ "no change of mode by name", ANSWER, changes_mode,
	    "state/answers/aa-w", KILLED },
};

static void
make_dir(const char *name)
{
	char *path = scratch_path(name);

	assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
	free(path);
}

static void
undo(const char *name)
{
	char		*path = scratch_path(name);
	struct err	 e;

	assert_int_equal(file_remove(path, &e), ERR_OK);
	free(path);
}

/* Everything that a trial names and may have taken away. */
static void
furnish(void)
{
	static const char *const dirs[] = {
		"templates", "templates/en", "state/answers/aa-w",
		"state/answers/aa-w/boxes"
	};
	static const char *const files[] = {
		"sensed.conf", "templates/en/form.mustache",
		"state/waves/aa-w.gdbm", "state/answers/aa-w/boxes/0000.gdbm",
		"state/roster/roster.gdbm", "state/keys/organisation",
		"state/keys/token/w", "state/keys/ballot/w",
		"state/ledgers/w.log", "state/published/w.gdbm",
		"state/locks/roster", "state/roster/health.log"
	};
	static const char *const made[] = {
		"state/answers/ab-x", "state/answers/x", "state/ledgers/x",
		"x", "state/x", "state/waves/x", "templates/x"
	};
	size_t i;

	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		undo(made[i]);
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		make_dir(dirs[i]);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		free(scratch_text(files[i], ""));
}

/* What came of it, as `expected' has it; SANDBOX__MAX: without a sandbox. */
static int
attempt(enum sandbox_role role, const struct trial *t)
{
	struct err	 e;
	char		*path = NULL;
	pid_t		 pid;
	int		 status;

	if (t->path != NULL)
		path = t->path[0] == '/' ? mem_str(t->path) :
		    scratch_path(t->path);
	if ((pid = fork()) == 0) {
		if (role != SANDBOX__MAX &&
		    sandbox_enter(role, state, templates, &e) != ERR_OK) {
			fprintf(stderr, "%s\n", e.msg);
			_exit(255);
		}
		/* by itself: a sanitizer would make calls of its own here */
		syscall(SYS_exit_group, t->deed(path));
	}
	free(path);
	assert_int_not_equal(pid, -1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? KILLED : 254;
	return WEXITSTATUS(status);
}

static void
test_each_role_can_do_its_work_and_nothing_else(void **unused)
{
	unsigned int	role, n = 0, bad = 0;
	int		got;
	size_t		i;

	(void)unused;
	for (i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
		for (role = 0; role < SANDBOX__MAX; role++) {
			if ((trials[i].roles & BIT(role)) == 0)
				continue;
			furnish();
			got = attempt(role, &trials[i]);
			n++;
			if (got == trials[i].expected)
				continue;
			bad++;
			print_message("  %s: %s (%s): got %d, expected %d\n",
			    role_names[role], trials[i].name, trials[i].path,
			    got, trials[i].expected);
		}
	print_message("  %u trials in sandboxes, %u bad\n", n, bad);
	assert_int_equal(bad, 0);
}

/* A trial that nobody could pass would prove nothing. */
static void
test_without_a_sandbox_nothing_of_it_is_refused(void **unused)
{
	unsigned int	bad = 0;
	int		got;
	size_t		i;

	(void)unused;
	for (i = 0; i < sizeof(trials) / sizeof(trials[0]); i++) {
		furnish();
		got = attempt(SANDBOX__MAX, &trials[i]);
		if (got != KILLED && got != EACCES && got != EPERM)
			continue;
		bad++;
		print_message("  %s: got %d\n", trials[i].name, got);
	}
	unlink("/tmp/sensed-x");
	unlink("/dev/shm/sensed-x");
	assert_int_equal(bad, 0);
}

/* Makes the kernel say that it does not have a call. */
static void
take_away(unsigned int call)
{
	struct sock_filter	f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog	p = { sizeof(f) / sizeof(f[0]), f };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p) == -1)
		_exit(255);
}

static int
enter_without(unsigned int call, const char *words)
{
	struct err	e;
	pid_t		pid;
	int		status;

	if ((pid = fork()) == 0) {
		take_away(call);
		_exit(sandbox_enter(SANDBOX_CGI, state, templates, &e) !=
		    ERR_SYS || strstr(e.msg, words) == NULL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
test_p2_a_kernel_without_landlock_or_seccomp_is_refused(void **unused)
{
	(void)unused;
	furnish();
	assert_int_equal(enter_without(SYS_landlock_create_ruleset,
	    "Landlock"), 0);
	assert_int_equal(enter_without(SYS_landlock_restrict_self,
	    "landlock"), 0);
	assert_int_equal(enter_without(SYS_seccomp, "seccomp"), 0);
}

static void
refused(const char *state_dir, const char *words)
{
	struct err	e;
	pid_t		pid;
	int		status;

	if ((pid = fork()) == 0)
		_exit(sandbox_enter(SANDBOX_CGI, state_dir, scratch_dir, &e) !=
		    ERR_SYS || strstr(e.msg, words) == NULL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
test_folders_that_open_what_must_be_closed_are_refused(void **unused)
{
	(void)unused;
	furnish();
	/* the templates' folder would hold the state directory */
	refused(state, "still open inside the sandbox");
	refused("/nonexistent/sensed", "No such file");
}

static int
setup(void **unused)
{
	struct err e;

	if (scratch_make(unused) != 0)
		return -1;
	state = scratch_path("state");
	templates = scratch_path("templates");
	return state_prepare(state, &e) == ERR_OK ? 0 : -1;
}

static int
teardown(void **unused)
{
	free(state);
	free(templates);
	return scratch_remove(unused);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_each_role_can_do_its_work_and_nothing_else),
		cmocka_unit_test(
		    test_without_a_sandbox_nothing_of_it_is_refused),
		cmocka_unit_test(
		    test_p2_a_kernel_without_landlock_or_seccomp_is_refused),
		cmocka_unit_test(
		    test_folders_that_open_what_must_be_closed_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
