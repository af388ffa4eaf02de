package dev.sluice.master.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which process has an address, as /proc tells it: to say whom to stop. Processes of others can be
 * looked into by root alone.
 *
 * <p>Stateless. Owner: master loop, which it holds up while it reads: asked for once when a start
 * or a reload fails.
 */
final class AddressOwner {

    private static final Path PROC = Path.of("/proc");

    /** Columns of /proc/net/tcp and its like: proc(5). */
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTENS = "0A";

    /** How ::ffff:0:0/96 begins there: what has an IPv4 address by a socket of IPv6. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private AddressOwner() {}

    /** {@code process 812 (/usr/sbin/nginx)}, or null when it cannot be told. */
    static String of(InetSocketAddress address, boolean udp) {
        for (String table : udp ? List.of("udp", "udp6") : List.of("tcp", "tcp6")) {
            Optional<String> inode = inode(PROC.resolve("net").resolve(table), address, udp);
            Optional<ProcessHandle> holder = inode.flatMap(AddressOwner::holder);
            if (holder.isPresent()) {
                return holder.get().info().command()
                        .map(command -> "process " + holder.get().pid() + " (" + command + ")")
                        .orElse("process " + holder.get().pid());
            }
        }
        return null;
    }

    /** Sockets that listen come first: a table of many connections is not read to its end. */
    private static Optional<String> inode(Path table, InetSocketAddress address, boolean udp) {
        String wanted = hex(address.getAddress());
        String port = String.format("%04X", address.getPort());
        try (Stream<String> lines = Files.lines(table)) {
            return lines.skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .takeWhile(row -> udp || row[STATE].equals(LISTENS))
                    .filter(row -> row[LOCAL].endsWith(":" + port)
                            && collide(row[LOCAL].substring(0, row[LOCAL].length() - 5), wanted))
                    .map(row -> row[INODE])
                    .findFirst();
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Words in the order of this machine's bytes, as the kernel prints them. */
    private static String hex(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress()).order(ByteOrder.nativeOrder());
        StringBuilder text = new StringBuilder();
        while (bytes.hasRemaining()) {
            text.append(String.format("%08X", bytes.getInt()));
        }
        return text.toString();
    }

    /** A wildcard has all addresses of its family; that of IPv6 those of IPv4, too, mostly. */
    private static boolean collide(String written, String wanted) {
        String other = written.startsWith(MAPPED) ? written.substring(MAPPED.length()) : written;
        boolean sameFamily = other.length() == wanted.length();
        return other.equals(wanted)
                || isWildcard(other) && (sameFamily || other.length() > wanted.length())
                || isWildcard(wanted) && sameFamily;
    }

    private static boolean isWildcard(String hex) {
        return hex.chars().allMatch(digit -> digit == '0');
    }

    /** The master of the processes that have it: workers have their sockets from it. */
    private static Optional<ProcessHandle> holder(String inode) {
        Optional<ProcessHandle> holder =
                ProcessHandle.allProcesses().filter(one -> holds(one, inode)).findFirst();
        while (holder.flatMap(ProcessHandle::parent).filter(one -> holds(one, inode)).isPresent()) {
            holder = holder.flatMap(ProcessHandle::parent);
        }
        return holder;
    }

    private static boolean holds(ProcessHandle process, String inode) {
        Path socket = Path.of("socket:[" + inode + "]");
        Path descriptors = PROC.resolve(Long.toString(process.pid())).resolve("fd");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path one : all) {
                if (isLinkTo(one, socket)) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException notOurs) {
            return false;
        }
        return false;
    }

    private static boolean isLinkTo(Path descriptor, Path socket) {
        try {
            return Files.readSymbolicLink(descriptor).equals(socket);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
