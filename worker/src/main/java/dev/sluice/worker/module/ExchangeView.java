package dev.sluice.worker.module;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The exchange as a hook sees it, while it is called; see {@link Views}. Between two calls it shows
 * nothing.
 *
 * <p>Owner: event loop.
 */
final class ExchangeView implements HttpExchange {

    private final Views views;
    private Exchange x;
    /** Calls that it is lent to now, one within another. */
    private int lentCount;

    ExchangeView(Views views) {
        this.views = views;
    }

    boolean isLent() {
        return lentCount > 0;
    }

    void lend(Exchange exchange) {
        assert lentCount == 0 || x == exchange;
        x = exchange;
        lentCount++;
    }

    void takeBack() {
        if (--lentCount == 0) {
            x = null;
        }
    }

    private Exchange exchange() {
        Exchange current = x;
        if (current == null || Thread.currentThread() != views.loop) {
            throw new IllegalStateException("an exchange is used outside of the hook it was lent"
                    + " to; take what you need as strings before");
        }
        return current;
    }

    @Override
    public String method() {
        Exchange e = exchange();
        return e.request.method == Method.OTHER ? text(e.request.buffer(),
                e.request.methodOffset, e.request.methodLength) : Method.name(e.request.method);
    }

    @Override
    public String path() {
        Exchange e = exchange();
        return text(e.pathBuffer, e.pathOffset, e.pathLength);
    }

    @Override
    public String query() {
        Exchange e = exchange();
        return e.queryLength < 0 ? null : text(e.queryBuffer, e.queryOffset, e.queryLength);
    }

    @Override
    public String authority() {
        Exchange e = exchange();
        return text(e.request.buffer(), e.request.authorityOffset, e.request.authorityLength);
    }

    @Override
    public boolean secure() {
        return exchange().client.secure();
    }

    @Override
    public String remoteAddress() {
        Exchange e = exchange();
        ByteSink out = views.openSink();
        try {
            e.client.remoteAddress(out);
            return text(out.buffer(), 0, out.position());
        } finally {
            views.closeSink(out);
        }
    }

    @Override
    public String header(String name) {
        HeaderTable headers = exchange().request.headers;
        int i = next(headers, name, -1);
        return i < 0 ? null
                : text(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
    }

    @Override
    public List<String> headers(String name) {
        HeaderTable headers = exchange().request.headers;
        int i = next(headers, name, -1);
        if (i < 0) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        for (; i >= 0; i = next(headers, name, i)) {
            all.add(text(headers.buffer(), headers.valueOffset(i), headers.valueLength(i)));
        }
        return all;
    }

    @Override
    public List<String> headerNames() {
        HeaderTable headers = exchange().request.headers;
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < headers.count(); i++) {
            names.add(text(headers.buffer(), headers.nameOffset(i), headers.nameLength(i))
                    .toLowerCase(Locale.ROOT));
        }
        return List.copyOf(names);
    }

    /** Index of the next field of this name; -1 without any. */
    private static int next(HeaderTable headers, String name, int after) {
        int id = HeaderName.idOf(name);
        if (id != HeaderName.UNKNOWN) {
            return after < 0 ? headers.find(id) : headers.findNext(id, after);
        }
        byte[] lower = HeadView.lower(name);
        for (int i = after + 1; i < headers.count(); i++) {
            if (headers.nameEqualsIgnoreCase(i, lower)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int status() {
        return exchange().status;
    }

    @Override
    public String text(Text template) {
        Exchange e = exchange();
        ByteSink out = views.openSink();
        try {
            ((CompiledText) template).template().append(e, out);
            return text(out.buffer(), 0, out.position());
        } finally {
            views.closeSink(out);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T get(Slot<T> slot) {
        Object[] slots = exchange().slots;
        return slots == null ? null : (T) slots[((SlotPlace<T>) slot).index()];
    }

    @Override
    public <T> void put(Slot<T> slot, T value) {
        Exchange e = exchange();
        if (e.slots == null) {
            e.slots = new Object[views.slotCount()];
        }
        e.slots[((SlotPlace<T>) slot).index()] = value;
    }

    static String text(ByteBuffer b, int offset, int length) {
        byte[] bytes = new byte[length];
        b.get(offset, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
