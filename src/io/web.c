/*
 * web.c - CGI and FastCGI from one loop: read, ask the handler, reply.
 *
 * The parent of the workers parses nothing.  SIGTERM is blocked everywhere but
 * in the wait for a connection, so it never cuts a request short and is never
 * missed.  One connection carries one request: a web server that keeps
 * connections open would tie a worker to itself.  SIGALRM is left to kill: a
 * death at any point is safe for the store, and the parent replaces the worker.
 *
 * What a request held is overwritten after the reply: body, page, libfcgi's
 * variables, and its buffers as they are freed (M_PERTURB in the program).  Out
 * of reach are the kernel's socket buffers and, as CGI, the link in the
 * environment, which the web server put there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "base/crypt.h"
#include "base/mem.h"
#include "io/file.h"
#include "io/web.h"

static const struct {
	unsigned int	 status;
	const char	*reason;
} reasons[] = {
	{ 200, "OK" },
	{ 400, "Bad Request" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 503, "Service Unavailable" },
};

/* The same on every response, errors too: H3. */
static const char constant[] =
    "Content-Type: text/html; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Robots-Tag: noindex\r\n";

static volatile sig_atomic_t	stopping;

static void
add_head(struct buf *head, const struct web_reply *r)
{
	const char	*reason = "";
	size_t		 i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == r->status)
			reason = reasons[i].reason;
	buf_addf(head, "Status: %u %s\r\n", r->status, reason);
	buf_adds(head, constant);
	buf_adds(head, "Content-Security-Policy: default-src 'none'; ");
	if (r->style == NULL)
		buf_adds(head, "style-src 'none'");
	else
		buf_addf(head, "style-src 'sha256-%s'", r->style);
	buf_adds(head, "; form-action 'self'; frame-ancestors 'none'; "
	    "base-uri 'none'\r\n");
	if (r->allow != NULL)
		buf_addf(head, "Allow: %s\r\n", r->allow);
	buf_addf(head, "Content-Length: %zu\r\n\r\n", r->body.len);
}

/* What was asked becomes head and body; the body stays out for HEAD. */
static void
answer(const struct web_service *s, const struct request_raw *in,
    struct buf *out)
{
	struct web_reply	r = { .status = 503 };

	buf_init(&r.body, WEB_REPLY_MAX);
	s->handle(s->arg, in, &r);
	if (r.body.over) {
		buf_wipe(&r.body);
		r.status = 503;
	}
	add_head(out, &r);
	if (in->method == NULL || strcmp(in->method, "HEAD") != 0)
		buf_add(out, buf_str(&r.body), r.body.len);
	buf_wipe(&r.body);
}

/* Reads from standard input until n bytes came or no more will. */
static size_t
read_body(char *p, size_t n)
{
	size_t	got = 0;
	ssize_t	r;

	while (got < n) {
		r = read(STDIN_FILENO, p + got, n - got);
		if (r > 0)
			got += (size_t)r;
		else if (r == 0 || errno != EINTR)
			break;
	}
	return got;
}

static enum err_code
serve_cgi(const struct web_service *s, struct err *e)
{
	struct request_raw	in = {
		.method = getenv("REQUEST_METHOD"),
		.path = getenv("PATH_INFO"),
		.query = getenv("QUERY_STRING"),
		.type = getenv("CONTENT_TYPE"),
		.length = getenv("CONTENT_LENGTH"),
	};
	char			body[REQUEST_BODY_MAX];
	struct buf		out;

	if (in.method == NULL)
		return err_set(e, ERR_INPUT, "this program is started by a web "
		    "server (REQUEST_METHOD is not set)");
	if (s->begin != NULL)
		s->begin(s->arg, false);
	alarm(WEB_SECONDS);
	in.body = body;
	in.body_len = read_body(body, request_expects(in.length));
	buf_init(&out, WEB_REPLY_MAX + 4096);
	answer(s, &in, &out);
	/* A client that has gone is no error: its answer is saved. */
	(void)file_write_all(STDOUT_FILENO, buf_str(&out), out.len);
	buf_wipe(&out);
	crypt_wipe(body, sizeof(body));
	return ERR_OK;
}

static void
on_term(int sig)
{
	(void)sig;
	stopping = 1;
}

static void
serve_fcgi_request(const struct web_service *s, FCGX_Request *fcgi)
{
	struct request_raw	in = {
		.method = FCGX_GetParam("REQUEST_METHOD", fcgi->envp),
		.path = FCGX_GetParam("PATH_INFO", fcgi->envp),
		.query = FCGX_GetParam("QUERY_STRING", fcgi->envp),
		.type = FCGX_GetParam("CONTENT_TYPE", fcgi->envp),
		.length = FCGX_GetParam("CONTENT_LENGTH", fcgi->envp),
	};
	char			body[REQUEST_BODY_MAX];
	struct buf		out;
	int			got;

	got = FCGX_GetStr(body, (int)request_expects(in.length), fcgi->in);
	in.body = body;
	in.body_len = got > 0 ? (size_t)got : 0;
	buf_init(&out, WEB_REPLY_MAX + 4096);
	answer(s, &in, &out);
	(void)FCGX_PutStr(buf_str(&out), (int)out.len, fcgi->out);
	buf_wipe(&out);
	crypt_wipe(body, sizeof(body));
}

/* The request's variables: libfcgi frees them as they are. */
static void
wipe_variables(char **v)
{
	for (; *v != NULL; v++)
		crypt_wipe(*v, strlen(*v));
}

/* Waits for a connection; only here may SIGTERM arrive. */
static bool
wait_connection(int poll_fd)
{
	struct epoll_event	ev;
	sigset_t		open;
	int			n = 0;

	if (pthread_sigmask(SIG_SETMASK, NULL, &open) != 0)
		return false;
	sigdelset(&open, SIGTERM);
	while (!stopping && n <= 0) {
		n = epoll_pwait(poll_fd, &ev, 1, -1, &open);
		if (n == -1 && errno != EINTR)
			return false;
	}
	return !stopping;
}

/*
 * The life of a worker.  The socket does not block, since another worker may
 * take the connection first; EPOLLEXCLUSIVE keeps most from trying.
 */
static enum err_code
work(const struct web_service *s, struct err *e)
{
	struct epoll_event	ev = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	FCGX_Request		fcgi;
	int			poll_fd;

	if ((poll_fd = epoll_create1(EPOLL_CLOEXEC)) == -1 ||
	    epoll_ctl(poll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &ev) == -1)
		return err_sys(e, "cannot wait for connections");
	if (s->begin != NULL)
		s->begin(s->arg, true);
	while (wait_connection(poll_fd)) {
		FCGX_InitRequest(&fcgi, STDIN_FILENO, 0);
		alarm(WEB_SECONDS);
		if (FCGX_Accept_r(&fcgi) == 0) {
			serve_fcgi_request(s, &fcgi);
			wipe_variables(fcgi.envp);
			fcgi.keepConnection = 0;
			FCGX_Finish_r(&fcgi);
		} else
			FCGX_Free(&fcgi, 1);
		crypt_wipe_stack();
		alarm(0);
	}
	close(poll_fd);
	if (!stopping)
		return err_sys(e, "cannot wait for connections");
	return ERR_OK;
}

/* Starts a worker; true in the worker itself. */
static bool
start(pid_t *pid)
{
	pid_t	parent = getpid();

	if ((*pid = fork()) != 0)
		return false;
	/* no orphans, also when the parent was killed in between */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 || getppid() != parent)
		stopping = 1;
	return true;
}

/* Forgets the workers that have died. */
static void
reap(pid_t *pid, size_t n)
{
	size_t	i;
	pid_t	died;

	while ((died = waitpid(-1, NULL, WNOHANG)) > 0)
		for (i = 0; i < n; i++)
			if (pid[i] == died)
				pid[i] = 0;
}

static void
stop(pid_t *pid, size_t n)
{
	size_t	i;

	for (i = 0; i < n; i++)
		if (pid[i] > 0)
			kill(pid[i], SIGTERM);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

/*
 * Keeps n workers alive until SIGTERM; *worker tells which process returns.
 * A short rest after each death keeps a worker that dies at once from
 * taking the whole machine.
 */
static void
tend(pid_t *pid, size_t n, bool *worker)
{
	const struct timespec	rest = { .tv_nsec = 200 * 1000 * 1000 };
	sigset_t		ends, all;
	size_t			i;
	bool			failed;
	int			sig;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	all = ends;
	sigaddset(&all, SIGCHLD);
	do {
		reap(pid, n);
		failed = false;
		for (i = 0; i < n; i++) {
			if (pid[i] <= 0 && (*worker = start(&pid[i])))
				return;
			failed = failed || pid[i] <= 0;
		}
		if (failed || (sig = sigwaitinfo(&all, NULL)) == SIGCHLD)
			sig = sigtimedwait(&ends, NULL, &rest);
	} while (sig != SIGTERM && sig != SIGINT);
}

/* A socket that others could reach over the network is refused: DESIGN 10. */
static enum err_code
check_socket(struct err *e)
{
	struct sockaddr_storage	 a;
	const struct sockaddr_in	*in4 = (const struct sockaddr_in *)&a;
	const struct sockaddr_in6	*in6 = (const struct sockaddr_in6 *)&a;
	socklen_t		 len = sizeof(a);
	int			 flags;

	memset(&a, 0, sizeof(a));
	if (getsockname(STDIN_FILENO, (struct sockaddr *)&a, &len) == -1)
		return err_sys(e, "cannot ask for the address of the socket");
	if (a.ss_family != AF_UNIX &&
	    !(a.ss_family == AF_INET &&
	    ntohl(in4->sin_addr.s_addr) >> 24 == 127) &&
	    !(a.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr)))
		return err_set(e, ERR_INPUT, "the FastCGI socket can be "
		    "reached from other machines; use a local one or loopback");
	if ((flags = fcntl(STDIN_FILENO, F_GETFL)) == -1 ||
	    fcntl(STDIN_FILENO, F_SETFL, flags | O_NONBLOCK) == -1)
		return err_sys(e, "cannot set up the FastCGI socket");
	return ERR_OK;
}

static enum err_code
serve_fcgi(const struct web_service *s, struct err *e)
{
	struct sigaction	 act = { .sa_handler = on_term };
	sigset_t		 mask;
	enum err_code		 rc;
	pid_t			*pid;
	bool			 worker = false;
	long			 cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int		 workers = s->workers;

	if ((rc = check_socket(e)) != ERR_OK)
		return rc;
	if (workers == 0)
		workers = cores > 0 ? 4 * (unsigned int)cores : 4;
	if (workers > WEB_WORKERS_MAX)
		workers = WEB_WORKERS_MAX;
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) == -1 ||
	    sigaction(SIGTERM, &act, NULL) == -1)
		return err_sys(e, "cannot set up signals");
	pid = mem_zero(workers, sizeof(*pid));
	tend(pid, workers, &worker);
	if (worker)
		rc = work(s, e);
	else
		stop(pid, workers);
	free(pid);
	return rc;
}

enum err_code
web_serve(const struct web_service *s, struct err *e)
{
	if (FCGX_Init() != 0)
		return err_set(e, ERR_SYS, "cannot set up FastCGI");
	if (FCGX_IsCGI())
		return serve_cgi(s, e);
	return serve_fcgi(s, e);
}
