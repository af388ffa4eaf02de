package dev.sluice.worker.exchange;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.counters.ServerCounters;

/**
 * A location with everything compiled that its configuration says. One instance is shared by all
 * exchanges.
 *
 * <p>Written at boot, then read-only.
 */
public final class Location {

    /** {@code rewriter} of a location that has no rules. */
    public static final Rewriter NO_REWRITES = x -> Rewriter.Outcome.CONTINUE;

    public final LocationConfig config;
    /** As an operator wrote it, for log lines: {@code /api/}. */
    public final String label;
    public final HeaderToAdd[] addHeaders;
    /** Told when an exchange has ended; written at boot. */
    public ExchangeLog[] logs;
    /** Written at boot. */
    public Rewriter rewriter;
    /** Status code to page; null when there are none. */
    public ErrorPages errorPages;
    /** What a request must pass before the content. */
    public final Gate[] gates;
    /** Numbers of the parameters of its path, in their order; empty when it has none. */
    private int[] parameterPlaces = {};
    private ContentHandler content;
    private ContentHandler slashHandler;
    private Location withoutSlash;
    /** Null where CONNECT is refused. */
    private ContentHandler tunnel;
    /** What is counted of its exchanges; null where it has no place of its own. Set at boot. */
    public ServerCounters counters;
    /** The place of those counters; below zero for none. Set at boot. */
    public int block = -1;
    /** Of its upstream; null where it has none, or chooses among several. Set at boot. */
    public ServerCounters connectTimes;
    public ServerCounters headerTimes;
    /** Bytes a second of an answer, null for no limit; and how many come before it applies. */
    private SizeValue sendRate;
    private SizeValue sendRateAfter;
    private HeadRules headRules;
    private HeadRules requestRules;
    private HeadRules peerRules;

    public Location(LocationConfig config, String label, HeaderToAdd[] addHeaders,
            ExchangeLog[] logs, Rewriter rewriter, ErrorPages errorPages, Gate[] gates) {
        this.config = config;
        this.label = label;
        this.addHeaders = addHeaders;
        this.logs = logs;
        this.rewriter = rewriter;
        this.errorPages = errorPages;
        this.gates = gates;
    }

    /** The same for another path: without its rules and gates. */
    private Location(Location of, String label, ContentHandler content) {
        this(of.config, label, of.addHeaders, of.logs, NO_REWRITES, of.errorPages, Gate.NONE);
        this.content = content;
        counters = of.counters;
        block = of.block;
        connectTimes = of.connectTimes;
        headerTimes = of.headerTimes;
        sendRate = of.sendRate;
        sendRateAfter = of.sendRateAfter;
        headRules = of.headRules;
        requestRules = of.requestRules;
        peerRules = of.peerRules;
    }

    /**
     * Set at boot for a location whose path ends with a slash: what answers where a client has
     * forgotten it.
     */
    public void slashHandler(ContentHandler redirect) {
        slashHandler = redirect;
    }

    /** Whether the path without its slash at the end has an answer, too. */
    public boolean addsSlash() {
        return slashHandler != null;
    }

    /** What the path without its slash gets: made when somebody first asks for it. On the loop. */
    public Location withoutSlash() {
        if (withoutSlash == null) {
            withoutSlash = new Location(this, config.pattern(), slashHandler);
        }
        return withoutSlash;
    }

    /** Set at boot for a location whose path is a template. */
    public void parameterPlaces(int[] places) {
        parameterPlaces = places;
    }

    int[] parameterPlaces() {
        return parameterPlaces;
    }

    /** Set at boot for a location that limits how fast it answers. */
    public void sendRate(SizeValue bytesPerSecond, SizeValue after) {
        sendRate = bytesPerSecond;
        sendRateAfter = after;
    }

    public SizeValue sendRate() {
        return sendRate;
    }

    public SizeValue sendRateAfter() {
        return sendRateAfter;
    }

    /** Set once at boot: the handler may need the location that it belongs to. */
    public void content(ContentHandler handler) {
        assert content == null;
        content = handler;
    }

    /** Set at boot for a location that opens tunnels. */
    public void tunnel(ContentHandler handler) {
        tunnel = handler;
    }

    /** What answers CONNECT; null where that is refused. */
    public ContentHandler tunnel() {
        return tunnel;
    }

    /** Set at boot for a location that changes heads. */
    public void headRules(HeadRules rules) {
        headRules = rules;
    }

    /** Null when heads of answers stay as they are. */
    public HeadRules headRules() {
        return headRules;
    }

    /**
     * Changes the head of an answer that is complete but for its framing, and adds its fields.
     *
     * @param from where the status line begins
     */
    public void finishHead(Exchange x, FieldLines head, int from) {
        if (headRules != null) {
            headRules.apply(x, head.sink, from);
        }
        if (addHeaders.length > 0) {
            x.showHead(head.sink, from);
        }
        for (HeaderToAdd add : addHeaders) {
            if (add.appliesTo(x.status)) {
                add.value().append(x, head.beginHeader(add.name()));
                head.endHeader();
            }
        }
    }

    /** Set at boot for a location whose modules change heads of requests to peers. */
    public void requestRules(HeadRules rules) {
        requestRules = rules;
    }

    /** Null when such heads stay as they are; applied before the framing is written. */
    public HeadRules requestRules() {
        return requestRules;
    }

    /** @param rules what modules change about the head of a peer; null for nothing */
    public void peerRules(HeadRules rules) {
        peerRules = rules;
    }

    /**
     * Null when nothing does. They are among {@link #headRules}, too: a cache has them applied to
     * what it stores, which those leave alone when it is given.
     */
    public HeadRules peerRules() {
        return peerRules;
    }

    public ContentHandler content() {
        return content;
    }
}
