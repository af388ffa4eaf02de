package dev.sluice.common.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** Lines become datagrams of RFC 5424 or of the journal, each with its severity. */
final class SystemLogTest {

    private static final String SYSLOG = "syslog:server=127.0.0.1:9,facility=daemon,tag=edge";

    private final List<String> sent = new ArrayList<>();
    private boolean broken;

    private final SystemLog.Datagrams out = new SystemLog.Datagrams() {
        @Override
        public void send(ByteBuffer bytes) throws IOException {
            if (broken) {
                throw new IOException("nobody");
            }
            sent.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    @Test
    void anAccessLineHasTheSeverityOfTheConfiguration() throws IOException {
        SystemLog log = new SystemLog(out, SyslogAddress.parse(SYSLOG + ",severity=notice"), false);
        ByteBuffer lines = bytes("one\ntwo\n");
        assertEquals(8, log.write(lines));
        assertEquals(2, sent.size());
        assertTrue(sent.get(0).matches("<29>1 [0-9-]{10}T[0-9:.]+Z [!-~]+ edge "
                + ProcessHandle.current().pid() + " access - one"), sent.get(0));
        assertTrue(sent.get(1).endsWith(" two"), sent.get(1));
    }

    @Test
    void anErrorLineHasItsOwnSeverity() throws IOException {
        SystemLog log = new SystemLog(out, SyslogAddress.parse(SYSLOG), true);
        ErrorLineFormat format = new ErrorLineFormat(77, 3, TimeZone.getTimeZone("UTC"))
                .in(SYSLOG, false);
        log.write(ByteBuffer.wrap(format.line(Level.WARN, 0, "it\nbroke")));
        assertTrue(sent.get(0).startsWith("<28>1 "), sent.get(0));
        assertTrue(sent.get(0).endsWith(" error - [warn] 77#3: it\\x0Abroke"), sent.get(0));
    }

    @Test
    void theJournalGetsFields() throws IOException {
        SystemLog log = new SystemLog(out, null, true);
        log.write(bytes("3[error] 77#0: no\n"));
        assertEquals("PRIORITY=3\nSYSLOG_IDENTIFIER=sluice\nSLUICE_LOG=error\n"
                + "MESSAGE=[error] 77#0: no\n", sent.get(0));
    }

    @Test
    void whatCouldNotBeSentStays() throws IOException {
        SystemLog log = new SystemLog(out, null, false);
        ByteBuffer lines = bytes("one\ntwo\n");
        broken = true;
        assertThrows(IOException.class, () -> log.write(lines));
        assertEquals(0, lines.position());
        broken = false;
        log.write(lines);
        assertEquals(2, sent.size());
    }

    @Test
    void byUdp() throws IOException {
        try (DatagramSocket daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                SystemLog log = SystemLog.open("syslog:server=127.0.0.1:" + daemon.getLocalPort(),
                        false)) {
            daemon.setSoTimeout(10_000);
            log.write(bytes("GET / 200\n"));
            DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
            daemon.receive(packet);
            String text = new String(packet.getData(), 0, packet.getLength(),
                    StandardCharsets.UTF_8);
            assertTrue(text.startsWith("<190>1 ") && text.endsWith(" GET / 200"), text);
        }
    }

    @Test
    void addresses() {
        assertEquals(new SyslogAddress("10.0.0.5", 514, null, 23, 6, "sluice"),
                SyslogAddress.parse("syslog:server=10.0.0.5"));
        assertEquals(new SyslogAddress("::1", 5140, null, 23, 6, "sluice"),
                SyslogAddress.parse("syslog:server=[::1]:5140"));
        assertEquals(new SyslogAddress("::1", 514, null, 23, 6, "sluice"),
                SyslogAddress.parse("syslog:server=::1"));
        assertEquals(new SyslogAddress(null, 0, "/dev/log", 3, 6, "sluice"),
                SyslogAddress.parse("syslog:server=unix:/dev/log,facility=daemon"));
        for (String bad : List.of("syslog:", "syslog:server=", "syslog:server=1.2.3.4:x",
                "syslog:server=1.2.3.4,tag=a b", "syslog:server=1.2.3.4,nohostname")) {
            assertThrows(IllegalArgumentException.class, () -> SyslogAddress.parse(bad), bad);
        }
        assertFalse(SystemLog.isFile("journald"));
        assertTrue(SystemLog.isFile("/var/log/syslog:x"));
    }

    @Test
    void jsonHoldsWhatALineHolds() {
        ErrorLineFormat format = new ErrorLineFormat(77, 3, TimeZone.getTimeZone("UTC"))
                .in("/var/log/x", true);
        assertEquals("{\"time\":\"2026-11-20T17:00:00.123Z\",\"level\":\"error\",\"pid\":77,"
                + "\"slot\":3,\"message\":\"a \\\"b\\\" \\\\ \\u000A c\"}\n",
                new String(format.line(Level.ERROR, 1_795_194_000_123L, "a \"b\" \\ \n c"),
                        StandardCharsets.UTF_8));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
