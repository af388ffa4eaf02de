package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls of gRPC between a client and a server that others have written. */
final class GrpcIT {

    private static final String NAME = "test.Echo";
    private static final Metadata.Key<String> DETAIL =
            Metadata.Key.of("x-detail", Metadata.ASCII_STRING_MARSHALLER);
    private static final CountDownLatch CANCELLED = new CountDownLatch(1);

    private static Server server;
    private static RunningSluice sluice;
    private static ManagedChannel channel;

    /** Texts as they are: no code has to be generated. */
    private static final class Texts implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static MethodDescriptor<String, String> method(MethodType type, String name) {
        return MethodDescriptor.<String, String>newBuilder().setType(type)
                .setFullMethodName(NAME + "/" + name).setRequestMarshaller(new Texts())
                .setResponseMarshaller(new Texts()).build();
    }

    private static final MethodDescriptor<String, String> UNARY =
            method(MethodType.UNARY, "Unary");
    private static final MethodDescriptor<String, String> MANY =
            method(MethodType.SERVER_STREAMING, "Many");
    private static final MethodDescriptor<String, String> JOIN =
            method(MethodType.CLIENT_STREAMING, "Join");
    private static final MethodDescriptor<String, String> TALK =
            method(MethodType.BIDI_STREAMING, "Talk");

    /** Sends back what it gets, at once or at the end. */
    private static StreamObserver<String> observer(StreamObserver<String> to, boolean joined) {
        List<String> all = new ArrayList<>();
        ((ServerCallStreamObserver<String>) to).setOnCancelHandler(CANCELLED::countDown);
        return new StreamObserver<>() {
            @Override
            public void onNext(String value) {
                all.add(value);
                if (!joined) {
                    to.onNext(value);
                }
            }

            @Override
            public void onError(Throwable cause) {
                all.clear();
            }

            @Override
            public void onCompleted() {
                if (joined) {
                    to.onNext(String.join("+", all));
                }
                to.onCompleted();
            }
        };
    }

    private static void unary(String request, StreamObserver<String> to) {
        switch (request) {
            case "fail" -> {
                Metadata trailers = new Metadata();
                trailers.put(DETAIL, "because");
                to.onError(Status.FAILED_PRECONDITION.withDescription("no")
                        .asRuntimeException(trailers));
            }
            case "never" -> { }
            default -> {
                to.onNext(request + "!");
                to.onCompleted();
            }
        }
    }

    @BeforeAll
    static void start() throws Exception {
        server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                .addService(ServerServiceDefinition.builder(NAME)
                        .addMethod(UNARY, ServerCalls.asyncUnaryCall(GrpcIT::unary))
                        .addMethod(MANY, ServerCalls.asyncServerStreamingCall((request, to) -> {
                            for (int i = 0; i < 1000; i++) {
                                to.onNext(request + i);
                            }
                            to.onCompleted();
                        }))
                        .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(
                                to -> observer(to, true)))
                        .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(
                                to -> observer(to, false)))
                        .build())
                .build().start();
        sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                http2 = on
                [location s /]
                grpc_pass = grpc://127.0.0.1:%d
                [location s /test.Closed/]
                return = 403
                [location s /test.Gone/]
                grpc_pass = grpc://127.0.0.1:1
                """.formatted(server.getPort())).start();
        channel = OkHttpChannelBuilder.forAddress("127.0.0.1", sluice.port(),
                InsecureChannelCredentials.create()).build();
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow();
        sluice.close();
        server.shutdownNow();
    }

    private static String call(String request, CallOptions options) {
        return ClientCalls.blockingUnaryCall((Channel) channel, UNARY, options, request);
    }

    private static StatusRuntimeException failure(
            MethodDescriptor<String, String> method, CallOptions options, String request) {
        return assertThrows(StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall((Channel) channel, method, options, request));
    }

    @Test
    void unary() {
        assertEquals("a!", call("a", CallOptions.DEFAULT));
        String much = "x".repeat(500_000);
        assertEquals(much + "!", call(much, CallOptions.DEFAULT));
    }

    @Test
    void statusAndTrailersOfTheServerArrive() {
        StatusRuntimeException e = failure(UNARY, CallOptions.DEFAULT, "fail");
        assertEquals(Status.Code.FAILED_PRECONDITION, e.getStatus().getCode());
        assertEquals("no", e.getStatus().getDescription());
        assertEquals("because", e.getTrailers().get(DETAIL));
    }

    @Test
    void streamsOfEachSideAndOfBoth() throws Exception {
        Iterator<String> many = ClientCalls.blockingServerStreamingCall(
                channel, MANY, CallOptions.DEFAULT, "m");
        for (int i = 0; i < 1000; i++) {
            assertEquals("m" + i, many.next());
        }
        assertTrue(!many.hasNext());
        CompletableFuture<String> joined = new CompletableFuture<>();
        StreamObserver<String> join = ClientCalls.asyncClientStreamingCall(
                channel.newCall(JOIN, CallOptions.DEFAULT), into(joined, 1));
        for (String word : List.of("a", "b", "c")) {
            join.onNext(word);
        }
        join.onCompleted();
        assertEquals("a+b+c", joined.get(10, TimeUnit.SECONDS));
        CompletableFuture<String> first = new CompletableFuture<>();
        StreamObserver<String> talk = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(TALK, CallOptions.DEFAULT), into(first, 1));
        talk.onNext("ping");
        // The answer comes while the request is open.
        assertEquals("ping", first.get(10, TimeUnit.SECONDS));
        talk.onCompleted();
    }

    private static StreamObserver<String> into(CompletableFuture<String> result, int which) {
        return new StreamObserver<>() {
            private int count;

            @Override
            public void onNext(String value) {
                if (++count == which) {
                    result.complete(value);
                }
            }

            @Override
            public void onError(Throwable cause) {
                result.completeExceptionally(cause);
            }

            @Override
            public void onCompleted() {
                result.complete("");
            }
        };
    }

    @Test
    void aCallThatIsCancelledIsCancelledAtTheServer() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        var call = channel.newCall(TALK, CallOptions.DEFAULT);
        StreamObserver<String> talk = ClientCalls.asyncBidiStreamingCall(call, into(first, 1));
        talk.onNext("x");
        assertEquals("x", first.get(10, TimeUnit.SECONDS));
        call.cancel("enough", null);
        assertTrue(CANCELLED.await(10, TimeUnit.SECONDS));
    }

    @Test
    void deadlinesAndErrorsAreStatesOfGrpc() throws Exception {
        StatusRuntimeException late = failure(UNARY,
                CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS), "never");
        assertEquals(Status.Code.DEADLINE_EXCEEDED, late.getStatus().getCode());
        StatusRuntimeException closed = failure(MethodDescriptor.<String, String>newBuilder()
                .setType(MethodType.UNARY).setFullMethodName("test.Closed/X")
                .setRequestMarshaller(new Texts()).setResponseMarshaller(new Texts()).build(),
                CallOptions.DEFAULT, "a");
        assertEquals(Status.Code.PERMISSION_DENIED, closed.getStatus().getCode());
        StatusRuntimeException gone = failure(MethodDescriptor.<String, String>newBuilder()
                .setType(MethodType.UNARY).setFullMethodName("test.Gone/X")
                .setRequestMarshaller(new Texts()).setResponseMarshaller(new Texts()).build(),
                CallOptions.DEFAULT, "a");
        assertEquals(Status.Code.UNAVAILABLE, gone.getStatus().getCode());
        assertEquals("HTTP 502", gone.getStatus().getDescription());
    }
}
