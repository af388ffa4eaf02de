package dev.sluice.module.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request for {@link InMemorySluice}. Each method changes it and gives it back. */
public final class TestRequest {

    final String method;
    final String target;
    String authority = "www.example.com";
    String remoteAddress = "192.0.2.7";
    boolean secure;
    final List<String[]> fields = new ArrayList<>();
    final Map<String, String> variables = new LinkedHashMap<>();
    byte[] body = {};

    private TestRequest(String method, String target) {
        this.method = method;
        this.target = target;
    }

    /** @param target canonical path, and query if there is one */
    public static TestRequest of(String method, String target) {
        return new TestRequest(method, target);
    }

    public static TestRequest get(String target) {
        return of("GET", target);
    }

    /** One more field. */
    public TestRequest header(String name, String value) {
        fields.add(new String[] {name, value});
        return this;
    }

    public TestRequest body(String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    public TestRequest from(String address) {
        remoteAddress = address;
        return this;
    }

    public TestRequest host(String name) {
        authority = name;
        return this;
    }

    /** The client's connection is encrypted. */
    public TestRequest overTls() {
        secure = true;
        return this;
    }

    /** What a variable of Sluice is, for texts of the module: the kit knows simple ones only. */
    public TestRequest variable(String name, String value) {
        variables.put(name, value);
        return this;
    }
}
