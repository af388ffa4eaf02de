package dev.sluice.master.system;

import java.io.IOException;

/** The unprivileged account of the workers. Written at boot, then read-only. */
public record Account(String name, int uid, int gid) {

    /**
     * Whom the workers run as.
     *
     * @return null when they keep the user of the master: no user configured, or not started as
     * root
     * @throws IOException the account does not exist
     */
    public static Account ofWorkers(String user) throws IOException {
        if (user.isEmpty() || !Posix.isRoot()) {
            return null;
        }
        Account account = Posix.account(user);
        if (account == null) {
            throw new IOException("user \"" + user + "\" does not exist on this machine");
        }
        return account;
    }
}
