package dev.sluice.worker.module;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The exchange as a hook sees it, while it is called. One object serves all calls of a worker, so
 * that a hook costs no memory; between two calls it shows nothing.
 *
 * <p>Owner: event loop.
 */
final class ExchangeView implements HttpExchange {

    private final WorkerScope scope;
    private final Thread loop;
    private Exchange x;
    private int slotCount;

    /** Made on the thread of the loop. */
    ExchangeView(WorkerScope scope) {
        this.scope = scope;
        this.loop = Thread.currentThread();
    }

    int newSlot() {
        return slotCount++;
    }

    void lend(Exchange exchange) {
        x = exchange;
    }

    void takeBack() {
        x = null;
    }

    private Exchange exchange() {
        Exchange current = x;
        if (current == null || Thread.currentThread() != loop) {
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
        ByteSink out = scope.scratch();
        int from = out.position();
        exchange().client.remoteAddress(out);
        return text(out.buffer(), from, out.position() - from);
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
        ByteSink out = scope.scratch();
        int from = out.position();
        ((CompiledText) template).template().append(exchange(), out);
        return text(out.buffer(), from, out.position() - from);
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
            e.slots = new Object[slotCount];
        }
        e.slots[((SlotPlace<T>) slot).index()] = value;
    }

    static String text(ByteBuffer b, int offset, int length) {
        byte[] bytes = new byte[length];
        b.get(offset, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
