package dev.sluice.module.testkit;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.RequestCopy;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import java.util.List;
import java.util.Locale;

/** An exchange for one call of a hook. Owner: the test's thread. */
final class LentExchange implements HttpExchange, RequestCopy {

    private final RunningExchange x;
    private final boolean forever;
    private final Thread owner = Thread.currentThread();
    private boolean over;

    /** @param forever for a blocking hook, which gets a copy */
    LentExchange(RunningExchange x, boolean forever) {
        this.x = x;
        this.forever = forever;
    }

    void takeBack() {
        over = true;
    }

    private RunningExchange lent() {
        if (!forever && (over || Thread.currentThread() != owner)) {
            throw new IllegalStateException("an exchange is used outside of the hook it was lent"
                    + " to; take what you need as strings before");
        }
        return x;
    }

    @Override
    public String method() {
        return lent().request.method;
    }

    @Override
    public String path() {
        String target = lent().target;
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public String query() {
        String target = lent().target;
        int query = target.indexOf('?');
        return query < 0 ? null : target.substring(query + 1);
    }

    @Override
    public String authority() {
        return lent().request.authority;
    }

    @Override
    public boolean secure() {
        return lent().request.secure;
    }

    @Override
    public String remoteAddress() {
        return lent().request.remoteAddress;
    }

    @Override
    public String header(String name) {
        List<String> all = headers(name);
        return all.isEmpty() ? null : all.getFirst();
    }

    @Override
    public List<String> headers(String name) {
        return lent().request.fields.stream().filter(field -> field[0].equalsIgnoreCase(name))
                .map(field -> field[1]).toList();
    }

    @Override
    public List<String> headerNames() {
        return lent().request.fields.stream().map(field -> field[0].toLowerCase(Locale.ROOT))
                .distinct().toList();
    }

    @Override
    public int status() {
        return lent().status;
    }

    @Override
    public String text(Text template) {
        return lent().expand(((InMemorySluice.Template) template).text());
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T get(Slot<T> slot) {
        return (T) lent().slots.get(slot);
    }

    @Override
    public <T> void put(Slot<T> slot, T value) {
        lent().slots.put(slot, value);
    }
}
