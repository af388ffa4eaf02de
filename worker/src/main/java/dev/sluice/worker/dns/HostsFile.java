package dev.sluice.worker.dns;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The names of hosts(5). Written when it is parsed, then read-only. */
final class HostsFile {

    static final HostsFile EMPTY = new HostsFile();
    /** RFC 6761 section 6.3: this name never goes to a server. */
    private static final String LOCALHOST = "localhost";
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private final Map<String, List<InetAddress>> byName = new HashMap<>();

    private HostsFile() {
    }

    static HostsFile parse(String text) {
        HostsFile file = new HostsFile();
        for (String line : text.split("\n")) {
            int comment = line.indexOf('#');
            String[] words = (comment < 0 ? line : line.substring(0, comment)).strip()
                    .split("[ \t]+");
            if (!NetUtil.isValidIpV4Address(words[0]) && !NetUtil.isValidIpV6Address(words[0])) {
                continue;
            }
            InetAddress address = InetAddress.ofLiteral(words[0]);
            for (int i = 1; i < words.length; i++) {
                file.byName.computeIfAbsent(words[i].toLowerCase(Locale.ROOT),
                        name -> new ArrayList<>()).add(address);
            }
        }
        return file;
    }

    /** None when the file does not name it. */
    List<InetAddress> addressesOf(String host) {
        List<InetAddress> found = byName.getOrDefault(host, List.of());
        boolean local = host.equals(LOCALHOST) || host.endsWith("." + LOCALHOST);
        return found.isEmpty() && local ? LOOPBACK : found;
    }
}
