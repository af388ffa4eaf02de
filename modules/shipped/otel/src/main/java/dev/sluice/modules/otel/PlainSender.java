package dev.sluice.modules.otel;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;

/**
 * Sends what the SDK has written with what the JDK's base has, on the thread that asks: the HTTP
 * client of the JDK is not among the modules of the runtime.
 */
final class PlainSender implements HttpSender {

    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private final HttpSenderConfig config;

    PlainSender(HttpSenderConfig config) {
        this.config = config;
    }

    private record Answer(int getStatusCode, String getStatusMessage, byte[] getResponseBody)
            implements HttpResponse {}

    @Override
    public void send(MessageWriter message, Consumer<HttpResponse> onResponse,
            Consumer<Throwable> onError) {
        try {
            onResponse.accept(exchange(message));
        } catch (IOException | RuntimeException e) {
            onError.accept(e);
        }
    }

    private Answer exchange(MessageWriter message) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) config.getEndpoint().toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure && config.getSslContext() != null) {
            secure.setSSLSocketFactory(config.getSslContext().getSocketFactory());
        }
        connection.setConnectTimeout((int) config.getConnectTimeout().toMillis());
        connection.setReadTimeout((int) config.getTimeout().toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", config.getContentType());
        for (Map.Entry<String, List<String>> field
                : config.getHeadersSupplier().get().entrySet()) {
            field.getValue().forEach(value -> connection.addRequestProperty(field.getKey(), value));
        }
        Compressor compressor = config.getCompressor();
        if (compressor != null) {
            connection.setRequestProperty("Content-Encoding", compressor.getEncoding());
            connection.setChunkedStreamingMode(0);
        } else {
            connection.setFixedLengthStreamingMode(message.getContentLength());
        }
        try (OutputStream out = compressor == null ? connection.getOutputStream()
                : compressor.compress(connection.getOutputStream())) {
            message.writeMessage(out);
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream()
                : connection.getErrorStream()) {
            byte[] body = in == null ? new byte[0] : in.readNBytes(ANSWER_BYTES_MAX);
            String reason = connection.getResponseMessage();
            return new Answer(status, reason == null ? "" : reason, body);
        }
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
