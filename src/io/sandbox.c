/*
 * sandbox.c - which files a role may reach: Landlock, by its system calls.
 *
 * The table is all there is: what no row grants is denied, to root as well.
 * Rights that a kernel does not know yet are left out, which it can do
 * without: the answer handler's list of calls has no truncate.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/sandbox.h"
#include "io/sandbox_calls.h"

/* Rights that are younger than the headers of Debian 12. */
#define TRUNCATE	(1ULL << 14)	/* version 3 */
#define IOCTL_DEV	(1ULL << 15)	/* version 5 */

#define FIRST		((1ULL << 13) - 1)	/* all of version 1 */
#define READ		(LANDLOCK_ACCESS_FS_READ_FILE | \
			LANDLOCK_ACCESS_FS_READ_DIR)
#define NAMES		LANDLOCK_ACCESS_FS_READ_DIR
#define WRITE		(READ | LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE | \
			LANDLOCK_ACCESS_FS_MAKE_REG | \
			LANDLOCK_ACCESS_FS_REMOVE_FILE)
#define ALL		(WRITE | LANDLOCK_ACCESS_FS_MAKE_DIR | \
			LANDLOCK_ACCESS_FS_REMOVE_DIR | \
			LANDLOCK_ACCESS_FS_REFER)
/* What a file that is not a directory can have. */
#define OF_FILES	(LANDLOCK_ACCESS_FS_READ_FILE | \
			LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE)

#define BIT(role)	(1U << (role))
#define ANSWER		(BIT(SANDBOX_CGI) | BIT(SANDBOX_FASTCGI))
#define MAIL		(BIT(SANDBOX_MAILER) | BIT(SANDBOX_SENDER))
#define LOCAL		(BIT(SANDBOX_KEEPER) | BIT(SANDBOX_PUBLISHER))
#define BOUNCES		(BIT(SANDBOX_READER) | BIT(SANDBOX_BOUNCE))

enum base { STATE, TEMPLATES, SYSTEM };

/*
 * The keeper reads templates since no wave opens while one is missing.
 * SYSTEM rows are for names, certificates and libraries that are loaded late,
 * and may be missing.  Whether a file exists is not Landlock's to hide.
 */
static const struct grant {
	unsigned int	 roles;
	enum base	 base;
	const char	*path;
	uint64_t	 rights;
	bool		 optional;
} grants[] = {
	{ ANSWER | MAIL | BIT(SANDBOX_KEEPER), TEMPLATES, "", READ, false },
	{ ANSWER, STATE, "/waves", READ, false },
	{ ANSWER, STATE, "/answers", WRITE, false },
	{ LOCAL, STATE, "", ALL, false },
	{ MAIL, STATE, "/roster", READ, false },
	{ MAIL, STATE, "/ledgers", WRITE, false },
	{ MAIL, STATE, "/attention", WRITE, false },
	{ MAIL, STATE, "/keys/organisation", READ, true },
	{ MAIL, STATE, "/waves", READ, false },
	{ BIT(SANDBOX_MAILER), STATE, "/keys/token", READ, false },
	{ BIT(SANDBOX_MAILER), STATE, "/answers", READ, false },
	{ BIT(SANDBOX_SENDER), STATE, "/published", READ, false },
	{ BIT(SANDBOX_BOUNCE), STATE, "/roster/health.log", OF_FILES, false },
	{ BIT(SANDBOX_BOUNCE), STATE, "/keys/organisation", READ, false },
	{ BIT(SANDBOX_BOUNCE), STATE, "/locks/roster", OF_FILES, true },
	{ BIT(SANDBOX_BOUNCE), STATE, "/waves", READ, false },
	{ BIT(SANDBOX_BOUNCE), STATE, "/published", NAMES, false },
	{ MAIL, SYSTEM, "/etc", READ, true },
	{ MAIL, SYSTEM, "/lib", READ, true },
	{ MAIL, SYSTEM, "/lib64", READ, true },
	{ MAIL, SYSTEM, "/run/NetworkManager", READ, true },
	{ MAIL, SYSTEM, "/run/resolvconf", READ, true },
	{ MAIL, SYSTEM, "/run/systemd/resolve", READ, true },
	{ MAIL, SYSTEM, "/usr/lib", READ, true },
	{ MAIL, SYSTEM, "/usr/lib64", READ, true },
	{ MAIL, SYSTEM, "/usr/local/share/ca-certificates", READ, true },
	{ MAIL, SYSTEM, "/usr/share", READ, true },
};

/*
 * What must be closed, whatever the configuration grants by where it puts the
 * state directory or the templates.
 */
static const struct {
	unsigned int	 roles;
	const char	*path;
} closed[] = {
	{ ANSWER | MAIL | BOUNCES, "/keys" },
	{ ANSWER | MAIL | BOUNCES, "/keys/ballot" },
	{ ANSWER | BIT(SANDBOX_SENDER) | BOUNCES, "/keys/token" },
	{ ANSWER | BOUNCES, "/roster" },
	{ ANSWER | BOUNCES, "/ledgers" },
	{ ANSWER | BIT(SANDBOX_MAILER) | BIT(SANDBOX_READER), "/published" },
	{ BIT(SANDBOX_SENDER) | BOUNCES, "/answers" },
	{ BIT(SANDBOX_READER), "/waves" },
};

/* Every right that this kernel can take away; 0: it has no Landlock. */
static uint64_t
known_rights(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	if (version < 1)
		return 0;
	return FIRST | (version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0) |
	    (version >= 3 ? TRUNCATE : 0) | (version >= 5 ? IOCTL_DEV : 0);
}

static enum err_code
add_path(int rules, const char *path, uint64_t rights, bool optional,
    struct err *e)
{
	struct landlock_path_beneath_attr	a = { .parent_fd = -1 };
	enum err_code				rc = ERR_OK;
	struct stat				st;

	if ((a.parent_fd = open(path, O_PATH | O_CLOEXEC)) == -1)
		return optional ? ERR_OK : err_sys(e, "%s", path);
	a.allowed_access = rights;
	if (fstat(a.parent_fd, &st) == -1)
		rc = err_sys(e, "%s", path);
	else if (!S_ISDIR(st.st_mode))
		a.allowed_access &= OF_FILES;
	if (rc == ERR_OK && syscall(SYS_landlock_add_rule, rules,
	    LANDLOCK_RULE_PATH_BENEATH, &a, 0) == -1)
		rc = err_sys(e, "landlock: %s", path);
	close(a.parent_fd);
	return rc;
}

static enum err_code
add_grants(int rules, enum sandbox_role role, const char *const base[],
    uint64_t known, struct err *e)
{
	const struct grant	*g;
	enum err_code		 rc = ERR_OK;
	char			*path;
	size_t			 i;

	for (i = 0; i < sizeof(grants) / sizeof(grants[0]) && rc == ERR_OK;
	    i++) {
		g = &grants[i];
		if ((g->roles & BIT(role)) == 0)
			continue;
		path = mem_fmt("%s%s", base[g->base], g->path);
		rc = add_path(rules, path, g->rights & known, g->optional, e);
		free(path);
	}
	return rc;
}

static enum err_code
restrict_files(enum sandbox_role role, const char *const base[], struct err *e)
{
	struct landlock_ruleset_attr	a = { .handled_access_fs = 0 };
	enum err_code			rc;
	int				rules;

	if ((a.handled_access_fs = known_rights()) == 0)
		return err_set(e, ERR_SYS, "this kernel has no Landlock, or "
		    "it is switched off: sensed does not run without it");
	rules = (int)syscall(SYS_landlock_create_ruleset, &a, sizeof(a), 0);
	if (rules == -1)
		return err_sys(e, "landlock");
	rc = add_grants(rules, role, base, a.handled_access_fs, e);
	if (rc == ERR_OK && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    syscall(SYS_landlock_restrict_self, rules, 0) == -1))
		rc = err_sys(e, "landlock");
	close(rules);
	return rc;
}

static enum err_code
check_closed(enum sandbox_role role, const char *state_dir, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	char		*path;
	size_t		 i;
	int		 fd;

	for (i = 0; i < sizeof(closed) / sizeof(closed[0]) && rc == ERR_OK;
	    i++) {
		if ((closed[i].roles & BIT(role)) == 0)
			continue;
		path = mem_fmt("%s%s", state_dir, closed[i].path);
		if ((fd = open(path, O_RDONLY | O_CLOEXEC)) != -1) {
			rc = err_set(e, ERR_SYS, "%s: still open inside the "
			    "sandbox: move state_dir or templates", path);
			close(fd);
		}
		free(path);
	}
	return rc;
}

enum err_code
sandbox_enter(enum sandbox_role role, const char *state_dir,
    const char *templates, struct err *e)
{
	const char *const	base[] = { state_dir, templates, "" };
	enum err_code		rc;

	if ((rc = restrict_files(role, base, e)) != ERR_OK ||
	    (rc = check_closed(role, state_dir, e)) != ERR_OK)
		return rc;
	return sandbox_calls(role, e);
}
