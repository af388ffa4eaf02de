package dev.sluice.worker.module;

import dev.sluice.common.counters.Termination;
import dev.sluice.module.Verdict;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.answer.WholeBody;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Does what a module wants done with a request. What cannot be done throws {@link
 * IllegalArgumentException} before anything is begun, and so counts as a failure of the hook.
 *
 * <p>Owner: event loop.
 */
final class Verdicts {

    private static final int UNAUTHORIZED = 401;

    private final ExchangePath paths;

    Verdicts(ExchangePath paths) {
        this.paths = paths;
    }

    /** Answers, or has the request go elsewhere. Not for {@code Next} and {@code Suspend}. */
    void carryOut(Exchange x, Verdict verdict) {
        switch (verdict) {
            case Verdict.Respond answer when answer.body() == null && answer.fields().isEmpty() ->
                    Answers.status(x, answer.status());
            case Verdict.Respond answer when isChallenge(answer) -> challenge(x, answer);
            case Verdict.Respond answer -> respond(x, answer);
            case Verdict.Redirect redirect -> redirect(x, redirect);
            case Verdict.Reroute reroute -> reroute(x, reroute.target());
            case Verdict.Abort _ -> x.client.abort(Termination.WORKER_MODULE_ABORT);
            case Verdict.Peek _ -> throw new AssertionError("looks at the body");
            case Verdict.Next _ -> throw new AssertionError("goes on");
            case Verdict.Suspend _ -> throw new AssertionError("waits");
        }
    }

    private static boolean isChallenge(Verdict.Respond answer) {
        return answer.body() == null && answer.status() == UNAUTHORIZED
                && answer.fields().size() == 2
                && answer.fields().getFirst().equalsIgnoreCase("WWW-Authenticate");
    }

    /** The location's page for a 401, with the challenge. */
    private static void challenge(Exchange x, Verdict.Respond answer) {
        String value = answer.fields().getLast();
        HeadView.checkValue("WWW-Authenticate", value);
        x.challenge = value.getBytes(StandardCharsets.ISO_8859_1);
        Answers.status(x, answer.status());
    }

    private static void respond(Exchange x, Verdict.Respond answer) {
        List<String> fields = answer.fields();
        for (int i = 0; i < fields.size(); i += 2) {
            HeadView.checkName(fields.get(i));
            HeadView.checkValue(fields.get(i), fields.get(i + 1));
        }
        x.state = ExchangeState.SENDING_RESPONSE;
        x.client.beginHead(x.statusToSend(answer.status()));
        for (int i = 0; i < fields.size(); i += 2) {
            x.client.header(fields.get(i).getBytes(StandardCharsets.ISO_8859_1),
                    fields.get(i + 1).getBytes(StandardCharsets.ISO_8859_1));
        }
        byte[] body = answer.body() == null ? new byte[0] : answer.body();
        boolean bodiless = Status.isBodiless(x.status);
        if (!x.client.endHead(bodiless ? ClientStream.NO_BODY : body.length)) {
            x.client.abort(Termination.WORKER_OVERLOAD);
        } else if (bodiless) {
            x.client.endResponse();
        } else {
            // The verdict may be kept and used again; its bytes may be changed by the module.
            WholeBody.send(x, ByteBuffer.wrap(body), 0, body.length, false);
        }
    }

    private static void redirect(Exchange x, Verdict.Redirect redirect) {
        HeadView.checkValue("Location", redirect.url());
        byte[] url = redirect.url().getBytes(StandardCharsets.ISO_8859_1);
        Answers.redirect(x, redirect.status(), (of, out) -> out.put(url));
    }

    private void reroute(Exchange x, String target) {
        ByteBuffer bytes = ByteBuffer.wrap(target.getBytes(StandardCharsets.UTF_8))
                .order(ByteOrder.LITTLE_ENDIAN);
        int query = target.indexOf('?');
        int pathLength = query < 0 ? bytes.capacity()
                : target.substring(0, query).getBytes(StandardCharsets.UTF_8).length;
        int queryFrom = query < 0 ? pathLength : pathLength + 1;
        ParseError error = paths.change(x, bytes, 0, pathLength, queryFrom,
                query < 0 ? Exchange.NO_QUERY : bytes.capacity() - queryFrom);
        if (error != null) {
            throw new IllegalArgumentException("\"" + target + "\": " + error.sentence());
        }
        x.state = ExchangeState.ROUTING;
        x.router.onInternalRedirect(x);
    }
}
