-- Counts random words with closures, and tells what is left of weak references after a collection.
-- Called with the functions that open the libraries, so that they run protected too.
local openBase, openString, openTable = ...
openBase()
local string, table = openString(), openTable()

local random = 42
local function nextRandom()
  random = (random * 1103515245 + 12345) % 2147483648
  return random
end

local counters = {}
for n = 1, 20000 do
  local word = string.format("word%d", nextRandom() // 65536 % 3000)
  local counter = counters[word]
  if not counter then
    local count = 0
    counter = function(by)
      count = count + by
      return count
    end
    counters[word] = counter
  end
  counter(1)
end

local words = {}
for word in pairs(counters) do
  words[#words + 1] = word
end
table.sort(words)

local parts = {}
for n, word in ipairs(words) do
  parts[n] = word .. "=" .. counters[word](0) .. ";"
end
local text = table.concat(parts)

local hash = 0
for n = 1, #text do
  hash = (hash * 31 + text:byte(n)) % 2147483648
end

local weak = setmetatable({}, {__mode = "v"})
for n = 1, 1000 do
  weak[n] = {n}
end
collectgarbage()
local left = 0
for _ in pairs(weak) do
  left = left + 1
end

return #words .. " words, hash " .. hash .. ", " .. left .. " left of 1000 weak references"
