-- A closed loop over the calls of a plan (see plan.py): every connection sends its next call when it has its answer.
--
--   wrk --threads 1 --connections N --duration LIMIT --script closed.lua URL -- PLAN SECONDS
--
-- After SECONDS nothing new is sent, and the run ends with the last answer: what was sent has been answered then, so
-- that rows written can be compared with answers. LIMIT only bounds a server that never answers. One thread, since
-- every thread has a state of its own. The last line printed is JSON.

local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } bench_time;
  int clock_gettime(int clock, bench_time *time);
  int getpid(void);
  int kill(int process, int signal);
]]
local MONOTONIC, INTERRUPT = 1, 2
local time = ffi.new("bench_time")

local function now()
  ffi.C.clock_gettime(MONOTONIC, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

-- wrk sleeps its whole duration whatever its threads do, unless it is interrupted; then it reports as always.
local function finish()
  ffi.C.kill(ffi.C.getpid(), INTERRUPT)
end

-- Globals, so that `done` can ask the thread for them.
sent, failed, finished, began, sample = 0, 0, 0, 0, ""
answered = {}
local threads = {}
local calls, projects, drawn = {}, {}, {} -- drawn: a call as often as its weight
local at_random, seed, seconds, asked_before, all_answered = false, 0, 0, false, 0

-- The request around its gaps: text, name of a gap, text, ...
local function pieces_of(request)
  local pieces, from = {}, 1
  while true do
    local first, last, name = request:find("@(%u+)@", from)
    pieces[#pieces + 1] = request:sub(from, (first or #request + 1) - 1)
    if not first then return pieces end
    pieces[#pieces + 1] = name
    from = last + 1
  end
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  for line in file:lines() do
    local word, value, length = line:match("^(%a+) (%S+) ?(%d*)")
    if word == "seed" then seed = tonumber(value) end
    if word == "random" then at_random = value == "1" end
    if word == "project" then projects[#projects + 1] = value end
    if word == "call" then
      calls[#calls + 1] = pieces_of(file:read(tonumber(length)))
      for _ = 1, tonumber(value) do drawn[#drawn + 1] = #calls end
      file:read(1)
    end
  end
  file:close()
end

local function filled(pieces, turn)
  if #pieces == 1 then return pieces[1] end
  local project = projects[at_random and math.random(#projects) or turn % math.max(1, #projects) + 1]
  local out = {}
  for place, piece in ipairs(pieces) do
    if place % 2 == 1 then out[place] = piece
    elseif piece == "PROJECT" then out[place] = project
    else out[place] = string.format("%06d%06d", seed, turn) end
  end
  return table.concat(out)
end

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  read(arguments[1])
  seconds = tonumber(arguments[2])
  math.randomseed(seed)
  for call = 1, #calls do answered[call] = 0 end
end

function request()
  if not asked_before then -- wrk looks at one request before it begins, and does not send it
    asked_before = true
    return filled(calls[drawn[1]], 0)
  end
  local at = now()
  if began == 0 then began = at end
  if at - began >= seconds then
    if all_answered == sent then finish() end
    return "P" -- the beginning of a request, for whose rest the server waits: this connection is quiet from now on
  end
  sent = sent + 1
  return filled(calls[drawn[at_random and math.random(#drawn) or sent % #drawn + 1]], sent)
end

function response(status, _, body)
  finished = now()
  all_answered = all_answered + 1
  local call = tonumber(body:match('"id":%s?(%d+)') or 0)
  if status == 200 and answered[call] and body:find('"result"', 1, true) and not body:find('"isError":true', 1, true) then
    answered[call] = answered[call] + 1
  else
    failed = failed + 1
    if sample == "" then sample = status .. " " .. body:sub(1, 400) end
  end
  if finished - began >= seconds and all_answered == sent then finish() end
end

function done(summary)
  local thread = threads[1]
  local counts = thread:get("answered")
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '\n{"sent": %d, "answered": [%s], "failed": %d, "lost": %d, "seconds": %.6f, "sample": "%s"}\n',
    thread:get("sent"), table.concat(counts, ", "), thread:get("failed"), lost,
    thread:get("finished") - thread:get("began"), (thread:get("sample"):gsub('[%c"\\]', "'"))))
end
