package dev.sluice.module.testkit;

import dev.sluice.module.BodyHook;
import dev.sluice.module.ErrorHook;
import dev.sluice.module.HeadHook;
import dev.sluice.module.LogHook;
import dev.sluice.module.Phase;
import dev.sluice.module.RequestHook;
import dev.sluice.module.Slot;
import dev.sluice.module.VariableFamilyHook;
import dev.sluice.module.VariableHook;
import dev.sluice.module.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request on its way through {@link InMemorySluice}. Owner: the test's thread. */
final class RunningExchange {

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");
    private static final int PIECE_BYTES = 16;
    private static final int REROUTES_MAX = 10;

    final TestRequest request;
    final Map<Slot<?>, Object> slots = new IdentityHashMap<>();
    String target;
    int status;
    private final InMemorySluice sluice;
    private byte[] body;
    private int reroutes;

    RunningExchange(InMemorySluice sluice, TestRequest request) {
        this.sluice = sluice;
        this.request = request;
        this.target = request.target;
        this.body = request.body;
    }

    private interface Call<T> {
        T with(LentExchange x) throws Exception;
    }

    /** Calls a hook. @return {@code failed} when it throws and the test wants to go on */
    private <T> T call(Call<T> hook, T failed) {
        LentExchange lent = new LentExchange(this, false);
        try {
            return hook.with(lent);
        } catch (Exception e) {
            if (sluice.failureStatus < 0) {
                throw new AssertionError("a hook has failed", e);
            }
            sluice.failures.add(e.toString());
            return failed;
        } finally {
            lent.takeBack();
        }
    }

    private Verdict onFailure() {
        return sluice.failureStatus <= 0 ? Verdict.NEXT : Verdict.respond(sluice.failureStatus);
    }

    TestAnswer run() {
        TestAnswer answer = answer();
        status = answer.status;
        if (!answer.aborted) {
            change(sluice.hooks.responses, answer.fields);
            answer.body = pass(sluice.hooks.responseBodies, answer.body);
        }
        for (LogHook log : sluice.hooks.logs) {
            call(x -> {
                log.onEnd(x);
                return null;
            }, null);
        }
        return answer;
    }

    private TestAnswer answer() {
        for (Phase phase : Phase.values()) {
            if (phase == Phase.CONTENT) {
                TestAnswer answer = bodies();
                if (answer != null) {
                    return answer;
                }
            }
            for (RecordedHooks.Request hook : sluice.hooks.of(phase)) {
                Verdict verdict = hook.blocking() == null
                        ? call(x -> hook.hook().onRequest(x), onFailure())
                        : call(x -> hook.blocking().onRequest(new LentExchange(this, true)),
                                onFailure());
                TestAnswer answer = carryOut(verdict);
                if (answer != null) {
                    return answer;
                }
            }
        }
        return ofPeer();
    }

    private TestAnswer bodies() {
        body = pass(sluice.hooks.requestBodies, body);
        for (int i = 0; i < sluice.hooks.wholeRequests.size(); i++) {
            if (body.length > sluice.hooks.wholeRequestMax.get(i)) {
                return error(413);
            }
            CollectedOutput output = new CollectedOutput();
            var hook = sluice.hooks.wholeRequests.get(i);
            ByteBuffer all = ByteBuffer.wrap(body).asReadOnlyBuffer();
            Verdict verdict = call(x -> hook.onBody(x, all, output), onFailure());
            byte[] written = output.takeBack();
            body = output.isWritten() ? written : body;
            TestAnswer answer = carryOut(verdict);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    /** @return null when the request goes on */
    private TestAnswer carryOut(Verdict verdict) {
        return switch (verdict) {
            case null -> throw new AssertionError("a hook's verdict is null");
            case Verdict.Next _ -> null;
            case Verdict.Respond respond when respond.body() == null
                    && respond.status() >= 400 -> {
                TestAnswer answer = error(respond.status());
                addFields(answer, respond.fields());
                yield answer;
            }
            case Verdict.Respond respond -> {
                TestAnswer answer = new TestAnswer(respond.status(),
                        respond.body() == null ? new byte[0] : respond.body());
                addFields(answer, respond.fields());
                yield answer;
            }
            case Verdict.Redirect redirect ->
                    TestAnswer.of(redirect.status(), "").with("Location", redirect.url());
            case Verdict.Reroute reroute -> {
                target = reroute.target();
                if (++reroutes > REROUTES_MAX) {
                    throw new AssertionError("more than " + REROUTES_MAX + " times elsewhere");
                }
                yield answer();
            }
            case Verdict.Suspend suspend -> {
                RequestHook later = call(x -> suspend.stage().toCompletableFuture().get(
                        suspend.timeout().toMillis(), TimeUnit.MILLISECONDS), x -> onFailure());
                yield carryOut(call(later::onRequest, onFailure()));
            }
            case Verdict.Peek peek -> carryOut(peeked(peek));
            case Verdict.Abort _ -> {
                TestAnswer answer = new TestAnswer(0, new byte[0]);
                answer.aborted = true;
                yield answer;
            }
        };
    }

    /** Shows the body as it would come over a slow line: byte by byte. */
    private Verdict peeked(Verdict.Peek peek) {
        int most = Math.min(body.length, peek.bytesMax());
        for (int count = 0; ; count++) {
            ByteBuffer bytes = ByteBuffer.wrap(body, 0, count).slice().asReadOnlyBuffer();
            boolean complete = count == most;
            Verdict verdict = call(x -> peek.hook().onBytes(x, bytes, complete), onFailure());
            if (verdict != null || complete) {
                return verdict;
            }
        }
    }

    private static void addFields(TestAnswer answer, List<String> fields) {
        for (int i = 0; i < fields.size(); i += 2) {
            answer.with(fields.get(i), fields.get(i + 1));
        }
    }

    private TestAnswer error(int code) {
        for (ErrorHook hook : sluice.hooks.errors) {
            Verdict verdict = call(x -> hook.onError(x, code), Verdict.NEXT);
            if (verdict instanceof Verdict.Respond respond) {
                TestAnswer answer = new TestAnswer(respond.status(),
                        respond.body() == null ? new byte[0] : respond.body());
                addFields(answer, respond.fields());
                return answer;
            } else if (!(verdict instanceof Verdict.Next)) {
                return carryOut(verdict);
            }
        }
        return TestAnswer.of(code, "page of " + code);
    }

    private TestAnswer ofPeer() {
        TestRequest sent = TestRequest.of(request.method, target).host(request.authority)
                .from(request.remoteAddress);
        sent.fields.addAll(request.fields);
        sent.body = body;
        change(sluice.hooks.upstreamRequests, sent.fields);
        sluice.seenByPeer = sent;
        TestAnswer answer = sluice.peer.apply(sent);
        if (answer == null) {
            return error(502);
        }
        status = answer.status;
        change(sluice.hooks.upstreamResponses, answer.fields);
        return answer;
    }

    private void change(List<HeadHook> hooks, List<String[]> fields) {
        for (HeadHook hook : hooks) {
            LentHead head = new LentHead(fields);
            boolean good = call(x -> {
                hook.onHead(x, head);
                return true;
            }, false);
            if (!good) {
                head.restore();
            }
            head.takeBack();
        }
    }

    private byte[] pass(List<BodyHook> hooks, byte[] whole) {
        byte[] current = whole;
        for (BodyHook hook : hooks) {
            current = passOne(hook, current, sluice.hooks.phases.contains("response_body"));
        }
        return current;
    }

    private byte[] passOne(BodyHook hook, byte[] whole, boolean inOne) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int pieceBytes = inOne ? Math.max(1, whole.length) : PIECE_BYTES;
        int from = 0;
        do {
            int count = Math.min(pieceBytes, whole.length - from);
            boolean last = from + count == whole.length;
            ByteBuffer piece = ByteBuffer.wrap(whole, from, count).slice().asReadOnlyBuffer();
            CollectedOutput output = new CollectedOutput();
            boolean good = call(x -> {
                hook.onPiece(x, piece, last, output);
                return true;
            }, false);
            all.writeBytes(output.takeBack());
            if (!good) {
                return whole;
            }
            from += count;
        } while (from < whole.length);
        return all.toByteArray();
    }

    /** The simple variables, those of the module, and those that the test has set. */
    String expand(String text) {
        Matcher variable = VARIABLE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (variable.find()) {
            String name = variable.group(1) != null ? variable.group(1) : variable.group(2);
            String value = value(name);
            variable.appendReplacement(out, Matcher.quoteReplacement(value == null ? "" : value));
        }
        return variable.appendTail(out).toString();
    }

    private String value(String name) {
        if (request.variables.containsKey(name)) {
            return request.variables.get(name);
        }
        VariableHook hook = sluice.variables.get(name);
        if (hook != null) {
            return call(hook::value, null);
        }
        for (Map.Entry<String, VariableFamilyHook> family : sluice.families.entrySet()) {
            if (name.startsWith(family.getKey())) {
                String rest = name.substring(family.getKey().length());
                return call(one -> family.getValue().value(one, rest), null);
            }
        }
        LentExchange x = new LentExchange(this, true);
        if (name.startsWith("http_")) {
            return x.header(name.substring("http_".length()).replace('_', '-'));
        }
        return switch (name) {
            case "remote_addr" -> request.remoteAddress;
            case "host" -> request.authority;
            case "request_method" -> request.method;
            case "uri" -> x.path();
            case "args" -> x.query();
            case "scheme" -> request.secure ? "https" : "http";
            case "status" -> Integer.toString(status);
            case "content_length" -> Integer.toString(body.length);
            default -> throw new AssertionError("the kit does not know $" + name
                    + ": say it with TestRequest.variable");
        };
    }
}
