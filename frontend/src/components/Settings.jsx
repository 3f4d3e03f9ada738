import { useState } from 'react';

import { health } from '../lib/api.js';
import { PRESETS } from '../lib/settings.js';
import { isSoftware, rendererName } from '../lib/scene.js';
import { useApp } from '../lib/store.js';
import Kept from './Kept.jsx';
import { Badge, Button, Dialog, Field, inputClass } from './ui.jsx';

const SLIDERS = [
  {
    key: 'temperature',
    label: 'Temperature',
    min: 0,
    max: 2,
    step: 0.05,
    hint: '0 always takes the most probable word',
  },
  {
    key: 'top_p',
    label: 'Top p',
    min: 0.05,
    max: 1,
    step: 0.05,
    hint: 'the smallest set of words with this probability',
  },
  {
    key: 'top_k',
    label: 'Top k',
    min: 0,
    max: 200,
    step: 1,
    hint: 'at most so many words; 0 for all',
  },
  {
    key: 'repetition_penalty',
    label: 'Repetition penalty',
    min: 1,
    max: 2,
    step: 0.05,
    hint: '1 for none',
  },
  { key: 'max_new_tokens', label: 'Longest text', min: 16, max: 4096, step: 16, hint: 'in tokens' },
];

/** Everything a person may set; kept in this browser. */
export default function Settings({ onClose }) {
  return (
    <Dialog title="Settings" onClose={onClose}>
      <div className="flex flex-col gap-6">
        <Appearance />
        <Answers />
        <Sampling />
        <Server />
        <Kept />
      </div>
    </Dialog>
  );
}

function Group({ title, children, note }) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="engraved mb-2">{title}</legend>
      {note && <p className="text-sm text-ink-2">{note}</p>}
      {children}
    </fieldset>
  );
}

/** A few exclusive choices side by side. */
function Choice({ label, name, value, options, onChange, hint }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium text-ink-2" id={`${name}-label`}>
        {label}
      </span>
      <div role="radiogroup" aria-labelledby={`${name}-label`} className="flex flex-wrap gap-1.5">
        {options.map(([key, text]) => (
          <label
            key={key}
            className="flex cursor-pointer items-center rounded-md border border-line-strong/60 bg-raised px-3 py-1 text-sm has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              className="sr-only"
              name={name}
              value={key}
              checked={value === key}
              onChange={() => onChange(key)}
            />
            {text}
          </label>
        ))}
      </div>
      {hint && <p className="text-xs text-muted">{hint}</p>}
    </div>
  );
}

function Appearance() {
  const { theme, scene, digits, decimal } = useApp((s) => s.settings);
  const change = useApp((s) => s.changeSettings);
  const name = rendererName();
  const why = !name
    ? 'This browser has no WebGL.'
    : isSoftware(name)
      ? 'This browser draws by software, so “automatic” leaves it out.'
      : '';
  return (
    <Group title="Appearance">
      <Choice
        label="Theme"
        name="theme"
        value={theme}
        onChange={(v) => change({ theme: v })}
        options={[
          ['system', 'As the system'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ]}
      />
      <Choice
        label="3D scene"
        name="scene"
        value={scene}
        onChange={(v) => change({ scene: v })}
        options={[
          ['auto', 'Automatic'],
          ['on', 'On'],
          ['off', 'Off'],
        ]}
        hint={why || 'Automatic: on, unless reduced motion is asked for.'}
      />
      <Choice
        label="Decimal sign"
        name="decimal"
        value={decimal}
        onChange={(v) => change({ decimal: v })}
        options={[
          ['auto', 'As the browser'],
          ['point', '1.5'],
          ['comma', '1,5'],
        ]}
        hint="Of numbers on the page and of tables that are copied; files and programs are not changed."
      />
      <Field
        label={`Significant digits: ${digits === 0 ? 'as the answer has them' : digits}`}
        htmlFor="digits"
        hint="Full precision is one step away at every number."
      >
        <input
          id="digits"
          type="range"
          min="2"
          max="12"
          value={digits || 2}
          onChange={(e) =>
            change({ digits: Number(e.target.value) <= 2 ? 0 : Number(e.target.value) })
          }
          className="accent-accent"
        />
      </Field>
    </Group>
  );
}

function Answers() {
  const { reasoning, detail } = useApp((s) => s.settings);
  const change = useApp((s) => s.changeSettings);
  return (
    <Group title="Answers">
      <Choice
        label="How answers are made"
        name="reasoning"
        value={reasoning ? 'on' : 'off'}
        onChange={(v) => change({ reasoning: v === 'on' })}
        options={[
          ['on', 'Computed and audited'],
          ['off', 'Free text, not audited'],
        ]}
      />
      <Choice
        label="Level of detail"
        name="detail"
        value={detail}
        onChange={(v) => change({ detail: v })}
        options={[
          ['brief', 'Brief'],
          ['normal', 'Normal'],
          ['full', 'Full'],
        ]}
        hint="Brief: the conclusion and what is serious. Full: every table uncut, and the stages open."
      />
    </Group>
  );
}

function Sampling() {
  const settings = useApp((s) => s.settings);
  const change = useApp((s) => s.changeSettings);
  const effective = { ...settings.sampling, ...(PRESETS[settings.preset] ?? {}) };
  const set = (key, value) =>
    change({
      preset: key in PRESETS.precise ? 'custom' : settings.preset,
      sampling: { ...effective, [key]: value },
    });
  return (
    <Group
      title="Sampling"
      note="For free text. Computed answers do not depend on it: their program is found by search, and their numbers are computed."
    >
      <Choice
        label="Preset"
        name="preset"
        value={settings.preset}
        onChange={(v) => change({ preset: v, ...(v === 'custom' ? { sampling: effective } : {}) })}
        options={[
          ['precise', 'Precise'],
          ['balanced', 'Balanced'],
          ['creative', 'Creative'],
          ['custom', 'Custom'],
        ]}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        {SLIDERS.map((s) => (
          <Field
            key={s.key}
            label={`${s.label}: ${effective[s.key]}`}
            htmlFor={`sampling-${s.key}`}
            hint={s.hint}
          >
            <input
              id={`sampling-${s.key}`}
              type="range"
              min={s.min}
              max={s.max}
              step={s.step}
              value={effective[s.key]}
              onChange={(e) => set(s.key, Number(e.target.value))}
              className="accent-accent"
            />
          </Field>
        ))}
        <Field label="Seed" htmlFor="sampling-seed" hint="Empty: another text each time">
          <input
            id="sampling-seed"
            inputMode="numeric"
            value={effective.seed ?? ''}
            onChange={(e) =>
              /^\d{0,15}$/.test(e.target.value) &&
              set('seed', e.target.value === '' ? null : Number(e.target.value))
            }
            className={inputClass}
          />
        </Field>
      </div>
    </Group>
  );
}

function Server() {
  const { serverUrl } = useApp((s) => s.settings);
  const key = useApp((s) => s.key);
  const change = useApp((s) => s.changeSettings);
  const changeKey = useApp((s) => s.changeKey);
  const [state, setState] = useState(null);
  const check = async () => {
    setState({ tone: 'neutral', text: 'asking…' });
    try {
      const found = await health();
      setState({ tone: 'good', text: `HAVOC ${found.version}, model ${found.model}` });
    } catch (error) {
      setState({ tone: 'bad', text: error.message });
    }
  };
  return (
    <Group title="Server">
      <Field
        label="Address"
        htmlFor="server-url"
        hint="Empty: where this page comes from. Another address must allow this page by CORS."
      >
        <input
          id="server-url"
          type="url"
          placeholder={window.location.origin}
          value={serverUrl}
          onChange={(e) => change({ serverUrl: e.target.value.trim() })}
          className={inputClass}
        />
      </Field>
      <Field label="Key" htmlFor="server-key" hint="Kept until this tab is closed; never exported.">
        <input
          id="server-key"
          type="password"
          autoComplete="off"
          value={key}
          onChange={(e) => changeKey(e.target.value)}
          className={inputClass}
        />
      </Field>
      <div className="flex items-center gap-3">
        <Button onClick={check}>Check the connection</Button>
        <span role="status">{state && <Badge tone={state.tone}>{state.text}</Badge>}</span>
      </div>
    </Group>
  );
}
