-- Sends every request of a file once: eight digits of length, then the request's bytes. Says when it has.
local file, left

function init(args)
  file = assert(io.open(args[1], "rb"))
  left = tonumber(args[2])
end

function request()
  left = left - 1
  if left == 0 then io.stderr:write("sent\n") end
  return file:read(tonumber(file:read(8)))
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"answers": %d, "seconds": %.6f, "refused": %d, "broken": %d, "p50_ms": %.3f, "p99_ms": %.3f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
