package io.millrace.htx.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.SessionPlaces;
import io.millrace.htx.session.SessionConfig;
import io.millrace.test.LeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A listener with two places, both taken. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class DisplacedSessionTest {
    private final EndpointPair ends = new EndpointPair();
    private final AtomicLong aheadNs = new AtomicLong();
    private final HtxEndpoint server =
            new HtxEndpoint(SessionConfig.HTX1, ends.reported::add, () -> System.nanoTime() + aheadNs.get());

    @AfterEach
    void close() {
        server.close();
        ends.close();
    }

    @Test
    void aNewcomerTakesThePlaceOfTheSessionWithoutProgress() throws Exception {
        final HtxListener listener = listen();
        try (HtxConnection working = ends.connect(listener);
                HtxStream stream = working.open()) {
            final HtxConnection workingFar = ends.served.take();
            move(stream);
            final HtxStream far = workingFar.accept();
            read(far);
            try (HtxConnection idle = ends.connect(listener)) {
                final HtxConnection idleFar = ends.served.take();
                aheadNs.addAndGet(SessionPlaces.STALLED_NS + 1);
                move(stream);
                read(far);

                try (HtxConnection newcomer = ends.connect(listener)) {
                    final HtxConnection newcomerFar = ends.served.take();
                    assertThat(idleFar.awaitEnd()).isNotNull();
                    assertThat(idle.awaitEnd()).isNotNull();
                    assertThat(workingFar.end()).isNull();
                    assertThat(listener.displacedSessions()).isEqualTo(1);
                    assertThat(listener.turnedAway()).isZero();
                    idleFar.close();
                    EndpointPair.await("the displaced session is freed", () -> listener.open() == 2);
                    final HtxStream newStream = newcomer.open();
                    move(newStream);
                    read(newcomerFar.accept());
                }
            }
        }
    }

    @Test
    void sessionsThatAreFreshKeepTheirPlaces() throws Exception {
        final HtxListener listener = listen();
        try (HtxConnection first = ends.connect(listener);
                HtxConnection second = ends.connect(listener)) {
            final HtxConnection firstFar = ends.served.take();
            final HtxConnection secondFar = ends.served.take();
            assertThatThrownBy(() -> ends.connect(listener)).isInstanceOf(IOException.class);
            EndpointPair.await("the third is turned away", () -> listener.turnedAway() == 1);
            assertThat(firstFar.end()).isNull();
            assertThat(secondFar.end()).isNull();
            assertThat(first.end()).isNull();
            assertThat(second.end()).isNull();
            assertThat(listener.displacedSessions()).isZero();
        }
    }

    private HtxListener listen() throws IOException {
        return server.listen(
                EndpointPair.loopback(),
                new HtxServer(
                        ends.serverKeys,
                        List.of(ends.ticketKey),
                        key -> true,
                        AdmissionConfig.DEFAULT,
                        2,
                        ends.served::add));
    }

    private static void move(HtxStream stream) throws IOException {
        stream.write(ByteBuffer.wrap(new byte[1]));
    }

    private static void read(HtxStream stream) throws IOException {
        assertThat(stream.input().readNBytes(1)).hasSize(1);
    }
}
