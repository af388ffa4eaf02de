package dev.sluice.module;

import java.util.List;

/** A copy of a request's head for a {@link BlockingHook}: immutable, for any thread. */
public interface RequestCopy {

    /** As {@link HttpExchange#method}. */
    String method();

    /** As {@link HttpExchange#path}. */
    String path();

    /** As {@link HttpExchange#query}. */
    String query();

    /** As {@link HttpExchange#authority}. */
    String authority();

    /** As {@link HttpExchange#secure}. */
    boolean secure();

    /** As {@link HttpExchange#remoteAddress}. */
    String remoteAddress();

    /** As {@link HttpExchange#header}. */
    String header(String name);

    /** As {@link HttpExchange#headers}. */
    List<String> headers(String name);

    /** As {@link HttpExchange#headerNames}. */
    List<String> headerNames();
}
