package dev.sluice.worker.dns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Function;

/**
 * The two files by which a host knows names, read again when they have changed. They are small and
 * local, and looked at only when a name is due: reading them on the loop is no wait.
 *
 * <p>Owner: event loop.
 */
final class SystemFiles {

    private static final long FILE_BYTES_MAX = 1 << 20;

    private final Watched<HostsFile> hosts;
    private final Watched<ResolvConf> resolvConf;

    SystemFiles(Path hosts, Path resolvConf) {
        this.hosts = new Watched<>(hosts, HostsFile::parse, HostsFile.EMPTY);
        this.resolvConf = new Watched<>(resolvConf, ResolvConf::parse, ResolvConf.EMPTY);
    }

    static SystemFiles ofThisHost() {
        return new SystemFiles(Path.of("/etc/hosts"), Path.of("/etc/resolv.conf"));
    }

    HostsFile hosts() {
        return hosts.current();
    }

    ResolvConf resolvConf() {
        return resolvConf.current();
    }

    /** One file and what it said when it was last read. */
    private static final class Watched<T> {
        private final Path path;
        private final Function<String, T> parse;
        private final T empty;
        private T current;
        private Object stamp;

        Watched(Path path, Function<String, T> parse, T empty) {
            this.path = path;
            this.parse = parse;
            this.empty = empty;
            this.current = empty;
        }

        /** A file that is away or cannot be read says nothing. */
        T current() {
            try {
                BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
                Object seen = now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
                if (!seen.equals(stamp)) {
                    current = now.size() > FILE_BYTES_MAX ? empty : parse.apply(
                            new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
                    stamp = seen;
                }
            } catch (IOException e) {
                stamp = null;
                current = empty;
            }
            return current;
        }
    }
}
