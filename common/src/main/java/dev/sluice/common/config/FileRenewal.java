package dev.sluice.common.config;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Certificates, keys and lists of revoked certificates, read again because their files have
 * changed, while the configuration that names them stays. Files that must fit each other, as
 * certificates and their keys do, are taken together or not at all.
 *
 * <p>Written by the thread that reads, then read-only.
 */
public final class FileRenewal {

    private final HandedFiles files = new HandedFiles();
    private final Set<String> changed = new LinkedHashSet<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();

    private FileRenewal() {
    }

    /** Whether there is a file whose change would be seen. */
    public static boolean canChange(HandedFiles files) {
        return !files.units().isEmpty();
    }

    /** How those files look now that have changed since they were read; empty when none has. */
    public static String changes(HandedFiles files) {
        StringBuilder all = new StringBuilder();
        for (FileUnit unit : files.units()) {
            FileUnit now = unit.now();
            if (!now.mark().equals(unit.mark())) {
                all.append(now).append('\n');
            }
        }
        return all.toString();
    }

    /**
     * Reads what has changed. What cannot be used leaves what was there, and is not tried again
     * before its files change once more.
     */
    public static FileRenewal read(HandedFiles before, long nowMs) {
        FileRenewal renewal = new FileRenewal();
        renewal.files.addAll(before);
        for (List<FileUnit> group : groups(before.units())) {
            if (group.stream().anyMatch(unit -> !unit.now().equals(unit))) {
                renewal.read(group, before, nowMs);
            }
        }
        return renewal;
    }

    /** Certificates with their keys, and all that share a file with them. */
    private static Collection<List<FileUnit>> groups(Collection<FileUnit> units) {
        Map<String, String> leaders = new HashMap<>();
        for (FileUnit unit : units) {
            if (unit.kind() == FileUnit.Kind.KEY) {
                leaders.put(leader(leaders, FileUnit.Kind.CERTIFICATES + unit.certificate()),
                        leader(leaders, unit.kind() + unit.path()));
            }
        }
        Map<String, List<FileUnit>> groups = new LinkedHashMap<>();
        for (FileUnit unit : units) {
            groups.computeIfAbsent(leader(leaders, unit.kind() + unit.path()),
                    leader -> new ArrayList<>()).add(unit);
        }
        return groups.values();
    }

    private static String leader(Map<String, String> leaders, String name) {
        String at = name;
        for (String above = leaders.get(at); above != null && !above.equals(at);
                above = leaders.get(at)) {
            at = above;
        }
        return at;
    }

    private void read(List<FileUnit> group, HandedFiles before, long nowMs) {
        group.forEach(unit -> files.watch(unit.now()));
        HandedFiles read = new HandedFiles();
        CertificateIntake intake = new CertificateIntake(read);
        for (FileUnit unit : group) {
            String problem = switch (unit.kind()) {
                case CERTIFICATES -> intake.certificates(unit.path());
                case KEY -> intake.key(unit.path(), unit.certificate(), unit.passwordFile(),
                        unit.passwordKey());
                case TICKET_KEY -> intake.ticketKey(unit.path());
                case REVOCATIONS -> intake.revocations(unit.path());
                case STAPLE -> intake.staple(unit.path(), unit.certificate());
            };
            if (problem != null) {
                wrong.add(problem);
                return;
            }
        }
        files.addAll(read);
        for (FileUnit unit : group) {
            if (!Arrays.equals(before.packedOf(unit), read.packedOf(unit))) {
                changed.add(unit.subject());
                doubt(unit, nowMs);
            }
        }
    }

    /** Only of certificates that are shown to somebody: authorities last long, or do not matter. */
    private void doubt(FileUnit unit, long nowMs) {
        if (unit.kind() != FileUnit.Kind.KEY) {
            return;
        }
        String path = unit.certificate();
        try {
            doubts.addAll(PemFiles.doubts(path, files.content(path), nowMs));
        } catch (GeneralSecurityException impossible) {
            // It has just been read.
            throw new IllegalStateException(impossible);
        }
    }

    /** All, as it is now. */
    public HandedFiles files() {
        return files;
    }

    /** The paths of files that hold something else than before. */
    public Set<String> changed() {
        return changed;
    }

    /** What is wrong with files that were not taken; secrets never appear. */
    public List<String> wrong() {
        return wrong;
    }

    /** What an operator should know of those that were. */
    public List<String> doubts() {
        return doubts;
    }

    /** What has changed, with all that belongs to it, for each user of it one part. */
    public List<HandedFiles> parts(SluiceConfig config) {
        return parts(config, files, changed);
    }

    /** @param changed paths of what has */
    public static List<HandedFiles> parts(SluiceConfig config, HandedFiles files,
            Set<String> changed) {
        Set<List<String>> users = new LinkedHashSet<>();
        for (ServerTlsConfig tls : config.clientTls()) {
            if (tls != null) {
                users.add(tls.files());
                users.add(tls.tickets().keyFiles());
            }
        }
        config.streams().forEach(stream -> add(users, stream.proxy()));
        for (ServerConfig server : config.servers()) {
            for (LocationConfig location : server.locations()) {
                add(users, location.proxy());
            }
        }
        List<HandedFiles> parts = new ArrayList<>();
        for (List<String> user : users) {
            if (user.stream().anyMatch(changed::contains)) {
                parts.add(files.part(user));
            }
        }
        return parts;
    }

    private static void add(Set<List<String>> users, ProxyConfig proxy) {
        if (proxy == null) {
            return;
        }
        if (proxy.choice() != null) {
            proxy.choice().choices().forEach(one -> add(users, one));
        } else if (proxy.transport().tls() != null) {
            users.add(proxy.transport().tls().files());
        }
    }
}
