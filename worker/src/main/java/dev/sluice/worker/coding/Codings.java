package dev.sluice.worker.coding;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.sluice.common.config.CodingConfig;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Offload;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All that a worker's locations need to send answers in content codings. Made only where one does.
 *
 * <p>Owner: event loop.
 */
public final class Codings {

    final LoopContext ctx;
    final Offload side;
    final AnswerFields fields = new AnswerFields();
    final AcceptEncoding accepted = new AcceptEncoding();
    final CodedForms forms;
    private final Function<String, ValueTemplate> templates;
    private final CoderPool.Budget budget;
    /** By coding and level. */
    private final Map<String, CoderPool> pools = new HashMap<>();
    private final Map<CodingConfig, CodingGate> gates = new IdentityHashMap<>();
    private CodedClient unused;

    /**
     * @param side for pieces that are too large for the loop
     * @param activeMax answers that are given another form at once
     * @param formsBytes memory for what was made of bodies that come again; 0 keeps nothing
     * @param templates compiles a text with variables
     */
    public Codings(LoopContext ctx, Offload side, int activeMax, long formsBytes,
            Function<String, ValueTemplate> templates) {
        this.ctx = ctx;
        this.side = side;
        this.templates = templates;
        this.budget = new CoderPool.Budget(activeMax);
        this.forms = new CodedForms(formsBytes);
        Libc.prepare();
    }

    /** The gate of a location that says this. At boot. */
    public Gate gateFor(CodingConfig config) {
        return gates.computeIfAbsent(config, one -> new CodingGate(this, rules(one)));
    }

    private CodingRules rules(CodingConfig config) {
        CoderPool[] chosen = new CoderPool[Coding.values().length];
        if (config.gzipLevel() > 0) {
            int level = config.gzipLevel();
            SpareStates<ZlibStream> spares = new SpareStates<>();
            chosen[Coding.GZIP.ordinal()] = loaded("gzip " + level,
                    () -> new GzipEncoder(level, spares));
        }
        if (config.brotliLevel() > 0) {
            int level = config.brotliLevel() - 1;
            chosen[Coding.BROTLI.ordinal()] = loaded("brotli " + level,
                    () -> new BrotliEncoder(level));
        }
        if (config.zstdLevel() > 0) {
            int level = config.zstdLevel();
            SpareStates<ZstdCompressCtx> spares = new SpareStates<>();
            chosen[Coding.ZSTD.ordinal()] = loaded("zstd " + level,
                    () -> new ZstdEncoder(level, spares));
        }
        return new CodingRules(config, chosen,
                config.gunzip() ? loaded("gunzip", GzipDecoder::new) : null, templates);
    }

    CoderPool pool(String name, Supplier<Coder> maker) {
        return pools.computeIfAbsent(name, key -> new CoderPool(budget, maker));
    }

    /** One is made and used now, so that its library is loaded, or missing, at the start. */
    private CoderPool loaded(String name, Supplier<Coder> maker) {
        CoderPool pool = pool(name, maker);
        try {
            pool.giveBack(pool.borrow());
        } catch (LinkageError missing) {
            throw new IllegalArgumentException(
                    name + " needs a library that cannot be loaded: " + missing, missing);
        }
        return pool;
    }

    /** Answers that are given another form now. */
    public int activeCount() {
        return budget.used();
    }

    /** One in front of the client of this exchange, until that ends. */
    CodedClient client(Exchange x) {
        CodedClient client = unused;
        if (client == null) {
            client = new CodedClient(this);
        } else {
            unused = client.next;
            client.next = null;
        }
        client.begin(x);
        return client;
    }

    void giveBack(CodedClient client) {
        client.next = unused;
        unused = client;
    }
}
