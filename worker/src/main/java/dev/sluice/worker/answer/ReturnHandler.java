package dev.sluice.worker.answer;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ReturnConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code return}: a redirect, a text, an error page, or the end of the connection. Any method is
 * answered.
 *
 * <p>Written at boot, then read-only; the scratch memory belongs to the event loop.
 */
public final class ReturnHandler implements ContentHandler {

    /** nginx's status for closing without an answer; only ever seen in the log. */
    private static final int CLOSE = 444;
    private static final int FIRST_ERROR = 400;
    private static final int INTERNAL_ERROR = 500;

    private final int status;
    private final boolean redirect;
    private final Template text;
    private final ByteBuffer constant;
    private final byte[] type;
    private final WorkerScope scope;

    public ReturnHandler(ReturnConfig config, LocationConfig location, WorkerScope scope) {
        this.status = config.status();
        this.redirect = isRedirect(status);
        this.text = redirect ? Template.compileUrl(config.text(), scope)
                : Template.compile(config.text(), scope);
        this.constant = redirect ? null : direct(text.constant());
        this.type = location.client().contentTypeDefault().getBytes(StandardCharsets.ISO_8859_1);
        this.scope = scope;
    }

    static boolean isRedirect(int status) {
        return status >= 301 && status <= 303 || status == 307 || status == 308;
    }

    private static ByteBuffer direct(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
    }

    @Override
    public void handle(Exchange x) {
        if (status == CLOSE) {
            x.status = CLOSE;
            x.client.abort(Termination.DONE);
        } else if (redirect) {
            Answers.redirect(x, status, text);
        } else if (constant == null) {
            composed(x);
        } else if (constant.capacity() == 0 && status >= FIRST_ERROR) {
            Answers.status(x, status);
        } else {
            Answers.text(x, Answers.statusToSend(x, status), type, constant, 0,
                    constant.capacity(), true);
        }
    }

    private void composed(Exchange x) {
        ByteSink out = scope.scratch();
        int from = out.position();
        text.append(x, out);
        if (out.overflowed()) {
            Answers.status(x, INTERNAL_ERROR);
        } else {
            Answers.text(x, Answers.statusToSend(x, status), type, out.buffer(), from,
                    out.position() - from, false);
        }
    }
}
