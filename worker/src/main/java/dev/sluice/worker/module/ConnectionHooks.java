package dev.sluice.worker.module;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.module.ConnectHook;
import dev.sluice.module.Connection;
import dev.sluice.module.TlsPeer;
import dev.sluice.module.TlsPeerHook;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientAddress;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.TlsFacts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What modules have to say of connections, before the first request of one. All of them must agree.
 *
 * <p>Owner: event loop.
 */
public final class ConnectionHooks {

    private static final int FORBIDDEN = 403;
    private static final int ADDRESS_BYTES_MAX = 64;

    private record OnConnect(ConnectHook hook, Guard guard, HookPlace place) {}

    private record OnPeer(TlsPeerHook hook, Guard guard, HookPlace place) {}

    private final HookCalls calls;
    private final List<ListenConfig> listens;
    private final List<OnConnect> onConnect = new ArrayList<>();
    private final List<OnPeer> onPeer = new ArrayList<>();

    ConnectionHooks(HookCalls calls, List<ListenConfig> listens) {
        this.calls = calls;
        this.listens = listens;
    }

    void onConnect(ConnectHook hook, Guard guard, HookPlace place) {
        onConnect.add(new OnConnect(hook, guard, place));
    }

    void onTlsPeer(TlsPeerHook hook, Guard guard, HookPlace place) {
        onPeer.add(new OnPeer(hook, guard, place));
    }

    boolean isEmpty() {
        return onConnect.isEmpty() && onPeer.isEmpty();
    }

    /** @param address in Netty's form, lent @return false for a connection that is to be closed */
    public boolean admit(byte[] address, int listenIndex) {
        for (int i = 0; i < onConnect.size(); i++) {
            OnConnect one = onConnect.get(i);
            if (!admits(one, address, listenIndex)) {
                one.place.answered();
                return false;
            }
        }
        return true;
    }

    private boolean admits(OnConnect one, byte[] address, int listenIndex) {
        if (one.guard.isOpen()) {
            one.place.failed();
            return one.guard.mayFailOpen();
        }
        Accepted view = new Accepted(address, listens.get(listenIndex).key());
        try {
            return calls.admits(view, one.hook, one.guard, one.place);
        } finally {
            view.address = null;
        }
    }

    /**
     * @return the same, or with a refusal; null when the connection is to be closed
     */
    public TlsFacts judge(TlsFacts facts) {
        if (facts.client() == null) {
            return facts;
        }
        TlsFacts judged = facts;
        for (int i = 0; i < onPeer.size(); i++) {
            OnPeer one = onPeer.get(i);
            switch (answer(one, facts)) {
                case ADMIT -> { }
                case FORBID -> {
                    one.place.answered();
                    judged = judged.refused(FORBIDDEN);
                }
                case CLOSE -> {
                    one.place.answered();
                    return null;
                }
            }
        }
        return judged;
    }

    private TlsPeerHook.Answer answer(OnPeer one, TlsFacts facts) {
        if (one.guard.isOpen()) {
            one.place.failed();
            return one.guard.mayFailOpen() ? TlsPeerHook.Answer.ADMIT : TlsPeerHook.Answer.FORBID;
        }
        Shown view = new Shown(facts);
        try {
            return calls.judge(view, one.hook, one.guard, one.place);
        } finally {
            view.facts = null;
        }
    }

    private static <T> T lent(T what) {
        if (what == null) {
            throw new IllegalStateException(
                    "a connection is used outside of the hook it was lent to");
        }
        return what;
    }

    /** A connection as a hook sees it. */
    private static final class Accepted implements Connection {

        private byte[] address;
        private final String listen;

        Accepted(byte[] address, String listen) {
            this.address = address;
            this.listen = listen;
        }

        @Override
        public String remoteAddress() {
            byte[] a = lent(address);
            ByteSink out = new ByteSink().reset(ByteBuffer.allocate(ADDRESS_BYTES_MAX), 0,
                    ADDRESS_BYTES_MAX);
            ClientAddress.print(ClientAddress.family(a), ClientAddress.high(a),
                    ClientAddress.low(a), out);
            return ExchangeView.text(out.buffer(), 0, out.position());
        }

        @Override
        public int remotePort() {
            return ClientAddress.port(lent(address));
        }

        @Override
        public String listen() {
            lent(address);
            return listen;
        }
    }

    /** What a client has shown, as a hook sees it. */
    private static final class Shown implements TlsPeer {

        private TlsFacts facts;

        Shown(TlsFacts facts) {
            this.facts = facts;
        }

        private ClientCertificate client() {
            return lent(facts).client();
        }

        @Override
        public byte[] certificate() {
            return client().der(0).clone();
        }

        @Override
        public byte[] fingerprint() {
            return client().fingerprint().clone();
        }

        @Override
        public String subject() {
            return client().subject();
        }

        @Override
        public String issuer() {
            return client().issuer();
        }

        @Override
        public String verified() {
            return client().verdict();
        }

        @Override
        public String serverName() {
            return lent(facts).serverName();
        }

        @Override
        public String protocol() {
            return lent(facts).protocol();
        }

        @Override
        public boolean resumed() {
            return lent(facts).resumed();
        }
    }
}
