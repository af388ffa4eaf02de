package dev.sluice.worker.upstream;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Where a peer can be reached: the addresses of its name, or its one path. They are tried in turn;
 * the one that last worked comes first.
 *
 * <p>Owner: event loop; made by any thread and handed over.
 */
final class PeerAddresses {

    private final SocketAddress[] addresses;
    private final String[] texts;
    private int preferred;

    private PeerAddresses(SocketAddress[] addresses, String[] texts) {
        assert addresses.length > 0;
        this.addresses = addresses;
        this.texts = texts;
    }

    static PeerAddresses unix(String path) {
        return new PeerAddresses(
                new SocketAddress[] {new DomainSocketAddress(path)}, new String[] {"unix:" + path});
    }

    static PeerAddresses inet(InetAddress[] hosts, int port) {
        SocketAddress[] all = new SocketAddress[hosts.length];
        String[] texts = new String[hosts.length];
        for (int i = 0; i < hosts.length; i++) {
            all[i] = new InetSocketAddress(hosts[i], port);
            String host = NetUtil.toAddressString(hosts[i]);
            texts[i] = (hosts[i] instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
        }
        return new PeerAddresses(all, texts);
    }

    /** Whether both say the same; the order does not matter. */
    boolean sameAs(PeerAddresses other) {
        return count() == other.count() && other.indexOfAll(this);
    }

    private boolean indexOfAll(PeerAddresses others) {
        for (SocketAddress one : others.addresses) {
            if (indexOf(one) < 0) {
                return false;
            }
        }
        return true;
    }

    /** -1 when it is not among them. */
    int indexOf(SocketAddress address) {
        for (int i = 0; i < addresses.length; i++) {
            if (addresses[i].equals(address)) {
                return i;
            }
        }
        return -1;
    }

    /** The same hosts at another port; a unix socket has none. */
    PeerAddresses atPort(int port) {
        if (!(addresses[0] instanceof InetSocketAddress)) {
            return this;
        }
        InetAddress[] hosts = new InetAddress[addresses.length];
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = ((InetSocketAddress) addresses[i]).getAddress();
        }
        return inet(hosts, port);
    }

    int count() {
        return addresses.length;
    }

    SocketAddress socketAddress(int index) {
        return addresses[index];
    }

    int preferred() {
        return preferred;
    }

    void prefer(int index) {
        preferred = index;
    }

    /** {@code 10.0.0.1:80}, {@code [::1]:80} or {@code unix:/run/x.sock}. */
    String text() {
        return texts[preferred];
    }
}
