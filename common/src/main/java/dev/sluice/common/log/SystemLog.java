package dev.sluice.common.log;

import dev.sluice.common.clock.SystemClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Whole lines, each sent as one datagram to a daemon that keeps logs: by RFC 5424 to a syslog
 * daemon, by UDP (RFC 5426) or a unix socket, or by the journal's own protocol to systemd-journald.
 *
 * <pre>
 *   &lt;190&gt;1 2026-11-20T18:00:00.123Z edge-1 sluice 4242 access - LINE
 *
 *   PRIORITY=6\nSYSLOG_IDENTIFIER=sluice\nSLUICE_LOG=access\nMESSAGE=LINE\n
 * </pre>
 *
 * The time is that of sending. Lines hold no control characters, so none can forge another field.
 * A daemon that was started anew is found again; one that takes nothing for 200 ms is an error.
 *
 * <p>Owner: the thread that writes the log.
 */
public final class SystemLog implements WritableByteChannel {

    /** The path of the configuration that means systemd-journald. */
    public static final String JOURNALD = "journald";

    /** Of the path in the configuration; a file has none of these. */
    private static final String STDERR = "stderr";

    private static final String JOURNAL_SOCKET = "/run/systemd/journal/socket";

    /** What is longer is cut: RFC 5426 §3.2 leaves it to the network what arrives at all. */
    private static final int LINE_BYTES_MAX = 60_000;

    private static final int INFO = 6;
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    private final Datagrams out;
    /** Null for the journal. */
    private final SyslogAddress syslog;
    private final boolean leveled;
    private final String name;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LINE_BYTES_MAX + 512);
    private boolean open = true;

    SystemLog(Datagrams out, SyslogAddress syslog, boolean leveled) {
        this.out = out;
        this.syslog = syslog;
        this.leveled = leveled;
        this.name = leveled ? "error" : "access";
    }

    /** Whether a path of the configuration is a file, which can be made, renamed and reopened. */
    public static boolean isFile(String path) {
        return !path.equals(STDERR) && !isSystem(path);
    }

    /** Whether a path of the configuration is one for {@link #open}. */
    public static boolean isSystem(String path) {
        return path.equals(JOURNALD) || path.startsWith(SyslogAddress.PREFIX);
    }

    /**
     * Opens the way to the daemon, which need not be there yet.
     *
     * @param leveled whether each line begins with the digit of its severity, as those of {@link
     *     ErrorLineFormat} for such a log do
     */
    public static SystemLog open(String path, boolean leveled) throws IOException {
        if (path.equals(JOURNALD)) {
            return new SystemLog(new UnixDatagrams(JOURNAL_SOCKET), null, leveled);
        }
        SyslogAddress to = SyslogAddress.parse(path);
        Datagrams out = to.socket() != null ? new UnixDatagrams(to.socket())
                : new UdpDatagrams(new InetSocketAddress(
                        InetAddress.ofLiteral(to.host()), to.port()));
        return new SystemLog(out, to, leveled);
    }

    /** Sends the lines that are there; those that were sent are taken, an error or not. */
    @Override
    public int write(ByteBuffer lines) throws IOException {
        int from = lines.position();
        while (lines.hasRemaining()) {
            int at = lines.position();
            int end = at;
            while (end < lines.limit() && lines.get(end) != '\n') {
                end++;
            }
            compose(lines, at, end);
            out.send(datagram);
            lines.position(Math.min(end + 1, lines.limit()));
        }
        return lines.position() - from;
    }

    private void compose(ByteBuffer lines, int from, int end) {
        int severity = syslog == null ? INFO : syslog.severity();
        int at = from;
        if (leveled && at < end) {
            severity = lines.get(at++) - '0';
        }
        String head = syslog == null
                ? "PRIORITY=" + severity + "\nSYSLOG_IDENTIFIER=sluice\nSLUICE_LOG=" + name
                        + "\nMESSAGE="
                : "<" + (syslog.facility() * 8 + severity) + ">1 " + Instant.ofEpochMilli(
                        SystemClock.INSTANCE.nowMs()) + " " + hostname() + " " + syslog.tag() + " "
                        + ProcessHandle.current().pid() + " " + name + " - ";
        datagram.clear().put(head.getBytes(StandardCharsets.US_ASCII));
        int count = Math.min(end - at, LINE_BYTES_MAX);
        datagram.put(datagram.position(), lines, at, count);
        datagram.position(datagram.position() + count);
        if (syslog == null) {
            datagram.put((byte) '\n');
        }
        datagram.flip();
    }

    /** The nil value of RFC 5424 §6.2.4 when it cannot be told. */
    private static String hostname() {
        try {
            String name = Files.readString(HOSTNAME).strip();
            return name.matches("[!-~]{1,255}") ? name : "-";
        } catch (IOException e) {
            return "-";
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        out.close();
    }

    /** A socket that has one receiver. */
    interface Datagrams {

        /** Sends what remains of the buffer as one; it is lent until return. */
        void send(ByteBuffer bytes) throws IOException;

        void close() throws IOException;
    }
}
