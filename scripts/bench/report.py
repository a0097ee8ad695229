# SPDX-License-Identifier: Apache-2.0
"""Turns the measured rounds into the JSON object and the table for people.

It must not measure anything.
"""

from statistics import median

BUSY = 0.9


def generator_bound(result):
    """True if the generator was near a full core while the server had time left."""
    busy = result["server_busy"] / result["server_cores"]
    return result["generator_busy"] >= BUSY and busy < BUSY


def middle(results, key):
    return median(result[key] for result in results)


class Cell:
    """All rounds of one load, such as get 64x16, on both servers."""

    def __init__(self, workload, shape):
        self.workload, self.shape = workload, shape
        self.echo, self.tandem = [], []

    @property
    def name(self):
        return f"{self.workload}_{self.shape}"

    def ratios(self):
        """One ratio per round, so that a slow moment of the machine touches both sides."""
        return sorted(
            tandem["requests_per_second"] / echo["requests_per_second"]
            for echo, tandem in zip(self.echo, self.tandem))

    def bound(self):
        """Which of the two sides was limited by the generator in most rounds."""
        sides = (("echo", self.echo), ("tandemd", self.tandem))
        return [
            side for side, results in sides
            if sum(map(generator_bound, results)) * 2 > len(results)]

    def keys(self):
        ratios = self.ratios()
        name = self.name
        values = {
            f"{name}_ratio": round(median(ratios), 3),
            f"{name}_ratio_low": round(ratios[0], 3),
            f"{name}_ratio_high": round(ratios[-1], 3),
            f"{name}_cpu_ratio": round(
                middle(self.echo, "server_cpu_us") / middle(self.tandem, "server_cpu_us"), 3),
        }
        for prefix, results in (("", self.tandem), ("echo_", self.echo)):
            values[f"{prefix}{name}_per_second"] = round(middle(results, "requests_per_second"))
            for key in ("p50_us", "p99_us", "p999_us"):
                values[f"{prefix}{name}_{key}"] = round(middle(results, key), 1)
            values[f"{prefix}{name}_cpu_us"] = round(middle(results, "server_cpu_us"), 3)
        return values


def table_of_cells(cells):
    lines = [
        "load          echo/s  tandemd/s  ratio (low-high)      p50 us   p99 us  "
        "CPU us (echo)   busy: server, generator"]
    for cell in cells:
        ratios = cell.ratios()
        echo, tandem = cell.echo, cell.tandem
        bound = cell.bound()
        lines.append(
            f"{cell.workload + ' ' + cell.shape:12}"
            f"{middle(echo, 'requests_per_second'):8,.0f}"
            f" {middle(tandem, 'requests_per_second'):10,.0f}"
            f"  {median(ratios):5.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"
            f" {middle(tandem, 'p50_us'):12,.0f} {middle(tandem, 'p99_us'):8,.0f}"
            f" {middle(tandem, 'server_cpu_us'):7.2f} ({middle(echo, 'server_cpu_us'):.2f})"
            f"    {middle(tandem, 'server_busy'):.2f}, {middle(tandem, 'generator_busy'):.2f}"
            + (f"  generator-bound: {', '.join(bound)}" if bound else ""))
    return lines


SENTENCES = (
    (("get_half_peak_p99_ratio",),
     "Get at half of its peak ({get_half_peak_rate:,}/s): p99 {get_half_peak_p99_us} us, the echo's "
     "{echo_half_peak_p99_us} us at the same rate: {get_half_peak_p99_ratio} times"),
    (("patch_alone_p50_us",),
     "one durable Patch alone: p50 {patch_alone_p50_us} us, {patch_alone_sync_ratio} times a disk "
     "sync"),
    (("disk_sync_p99_us",),
     "disk sync of 4 KiB ({file_system}): p50 {disk_sync_p50_us} us, p99 {disk_sync_p99_us} us"),
    (("patch_64x16_p99_us", "disk_sync_p99_us"),
     "durable Patch 64x16: p99 {patch_64x16_p99_us} us beside that disk sync"),
    (("get_cpu_us",),
     "server CPU per request: Get {get_cpu_us} us, Patch {patch_cpu_us} us "
     "(echo {echo_get_cpu_us} and {echo_patch_cpu_us} us)"),
    (("get_allocations", "patch_allocations"),
     "server allocations per request: Get {get_allocations}, Patch {patch_allocations}"),
    (("idle_connection_bytes",),
     "one of {idle_connections:,} idle connections: {idle_connection_bytes:,} bytes of server memory"),
)


def table(values, cells):
    """The whole report for a person."""
    lines = [
        f"{values['rounds']} rounds of {values['seconds']} s; servers on cores "
        f"{values['server_cores']}, generator on cores {values['generator_cores']}"]
    if values["server_cores"] == values["generator_cores"]:
        lines.append("servers and generator share one core: read the CPU columns, not the ratios")
    lines += table_of_cells(cells)
    for needed, sentence in SENTENCES:
        if all(values.get(key) is not None for key in needed):
            lines.append(sentence.format_map(values))
    lines += values["remarks"]
    return "\n".join(lines)
