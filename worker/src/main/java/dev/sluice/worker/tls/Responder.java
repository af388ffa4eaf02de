package dev.sluice.worker.tls;

import dev.sluice.common.ocsp.OcspAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks an OCSP responder by POST (RFC 6960 §A.1). Any thread but the loop's: it waits. */
final class Responder {

    private static final int TIMEOUT_MS = 10_000;
    private static final int OK = 200;

    private Responder() {
    }

    static byte[] ask(String url, byte[] question) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        connection.setUseCaches(false);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/ocsp-request");
        connection.setFixedLengthStreamingMode(question.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(question);
        }
        if (connection.getResponseCode() != OK) {
            throw new IOException("status " + connection.getResponseCode());
        }
        try (InputStream in = connection.getInputStream()) {
            byte[] answer = in.readNBytes(OcspAnswer.BYTES_MAX + 1);
            if (answer.length > OcspAnswer.BYTES_MAX) {
                throw new IOException("the answer is too long");
            }
            return answer;
        }
    }
}
