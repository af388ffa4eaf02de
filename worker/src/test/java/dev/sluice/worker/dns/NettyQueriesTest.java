package dev.sluice.worker.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.dns.Reply.Outcome;
import dev.sluice.worker.dns.ScriptedNameServer.Fault;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions on the wire, and what of the answers is believed. */
class NettyQueriesTest {

    private final DnsLoop loop = new DnsLoop();
    private ScriptedNameServer server;
    private Queries queries;

    @BeforeEach
    void open() throws Exception {
        server = new ScriptedNameServer();
        queries = loop.on(() -> new NettyQueries(loop.loop));
    }

    @AfterEach
    void close() throws Exception {
        loop.run(queries::close);
        loop.close();
        server.close();
    }

    private CompletableFuture<Reply> asked(String name, RecordType type) throws Exception {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        loop.run(() -> queries.ask(server.address(), name, type, reply::complete));
        return reply;
    }

    private Reply ask(String name, RecordType type) throws Exception {
        return asked(name, type).get(10, TimeUnit.SECONDS);
    }

    private static List<InetAddress> addresses(String... all) {
        return java.util.Arrays.stream(all).map(InetAddress::ofLiteral).toList();
    }

    @Test
    void addressesOfBothFamilies() throws Exception {
        server.set("app.test", 7, "10.0.0.1", "10.0.0.2", "fd00::1");
        assertEquals(Reply.addresses(addresses("10.0.0.1", "10.0.0.2"), 7),
                ask("app.test", RecordType.A));
        assertEquals(Reply.addresses(addresses("fd00::1"), 7), ask("app.test", RecordType.AAAA));
    }

    @Test
    void noNameAndNoRecordAreTwoThings() throws Exception {
        server.set("app.test", 7, "10.0.0.1");
        assertEquals(Reply.none("no such name"), ask("other.test", RecordType.A));
        assertEquals(Reply.none("no AAAA record"), ask("app.test", RecordType.AAAA));
    }

    @Test
    void chainOfAliases() throws Exception {
        server.addAlias("app.test", 1, "app.test", "a.test", 3);
        server.addAlias("app.test", 1, "a.test", "b.test", 60);
        server.addAddress("app.test", "b.test", "10.0.0.1", 60);
        assertEquals(Reply.addresses(addresses("10.0.0.1"), 3), ask("app.test", RecordType.A));
    }

    @Test
    void aliasWithoutRecordIsHandedOn() throws Exception {
        server.addAlias("app.test", 1, "app.test", "a.test", 3);
        assertEquals(Reply.alias("a.test.", 3), ask("app.test", RecordType.A));
    }

    @Test
    void aliasesInACircle() throws Exception {
        server.addAlias("app.test", 1, "app.test", "a.test", 3);
        server.addAlias("app.test", 1, "a.test", "app.test", 3);
        assertEquals(Outcome.FAILED, ask("app.test", RecordType.A).outcome());
    }

    @Test
    void recordsOfOtherNamesAreNotBelieved() throws Exception {
        server.addAddress("app.test", "evil.test", "10.6.6.6", 60);
        server.addAddress("app.test", "app.test", "10.0.0.1", 60);
        server.addAddress("app.test", "app.test", "0.0.0.0", 60);
        assertEquals(addresses("10.0.0.1"), ask("app.test", RecordType.A).addresses());
    }

    @Test
    void services() throws Exception {
        server.addService("_http._tcp.app.test", 9, "1 5 8080 a.test");
        server.addService("_http._tcp.app.test", 9, "2 0 8081 b.test");
        server.addService("_http._tcp.app.test", 9, "0 0 1 .");
        assertEquals(Reply.services(List.of(new Reply.Service(1, 5, 8080, "a.test."),
                new Reply.Service(2, 1, 8081, "b.test.")), 9),
                ask("_http._tcp.app.test", RecordType.SRV));
    }

    @Test
    void truncatedAnswerIsFetchedByTcp() throws Exception {
        server.set("app.test", 7, "10.0.0.1");
        server.fault = Fault.TRUNCATED;
        assertEquals(addresses("10.0.0.1"), ask("app.test", RecordType.A).addresses());
        assertTrue(server.asked.contains("tcp app.test 1"), server.asked::toString);
    }

    @Test
    void truncatedAnswerAloneIsNotUsed() throws Exception {
        server.set("app.test", 7, "10.0.0.1");
        server.fault = Fault.TRUNCATED;
        server.stopListening();
        assertEquals(Outcome.FAILED, ask("app.test", RecordType.A).outcome());
    }

    @Test
    void serverThatFails() throws Exception {
        server.fault = Fault.SERVFAIL;
        assertEquals(Outcome.FAILED, ask("app.test", RecordType.A).outcome());
    }

    @Test
    void garbageAndAnswersToOtherQuestionsAreNoAnswers() throws Exception {
        server.set("app.test", 7, "10.0.0.1");
        server.fault = Fault.GARBAGE;
        CompletableFuture<Reply> first = asked("app.test", RecordType.A);
        awaitQuestions(1);
        server.fault = Fault.WRONG_QUESTION;
        CompletableFuture<Reply> second = asked("app.test", RecordType.A);
        awaitQuestions(2);
        // A good answer that comes later than those shows that they have been looked at.
        server.fault = Fault.NONE;
        assertEquals(Outcome.FOUND, ask("app.test", RecordType.A).outcome());
        assertFalse(first.isDone());
        assertFalse(second.isDone());
    }

    @Test
    void cancelledQuestionCallsNobody() throws Exception {
        server.fault = Fault.SILENT;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        loop.run(() -> queries.ask(server.address(), "app.test", RecordType.A, reply::complete)
                .cancel());
        server.fault = Fault.NONE;
        server.set("app.test", 7, "10.0.0.1");
        ask("app.test", RecordType.A);
        assertFalse(reply.isDone());
    }

    private void awaitQuestions(int count) {
        while (server.asked.size() < count) {
            Thread.onSpinWait();
        }
    }
}
